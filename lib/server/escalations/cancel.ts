import type { AccessTask } from '@/lib/escalations/access-request';
import { decideTransition } from '@/lib/escalations/decide-transition';
import { nowMs as clockNowMs } from '../clock';
import { inTransaction } from '../database/transaction';
import { findDrill } from '../drills/drill-record';
import { ServiceError } from '../errors';
import type { ProducerCaller } from '../machine-auth/require-producer';
import { endEscalation } from './end-escalation';
import { findEscalation } from './escalation-record';
import { formatTask } from './format-task';

/**
 * The gateway no longer needs an answer. Only while the task is pending.
 * @throws ServiceError `task_unknown`, `task_terminal`
 */
export async function cancelEscalation(
  caller: Pick<ProducerCaller, 'tenant' | 'producerId'>,
  id: string,
  { nowMs = clockNowMs() } = {},
): Promise<AccessTask> {
  const at = { tenant: caller.tenant, id };
  return inTransaction(async (tx) => {
    const escalation = await findEscalation(tx, at, { lock: true });
    if (escalation?.gateway !== caller.producerId || (await findDrill(tx, escalation))) {
      throw new ServiceError('task_unknown', 'No task of yours has this id.');
    }
    const next = decideTransition(escalation, { type: 'cancellation', atMs: nowMs });
    if (!next.ok) throw new ServiceError('task_terminal', 'The task has ended already.');
    await endEscalation(tx, escalation, 'cancelled', { nowMs });
    return formatTask(tx, at);
  });
}
