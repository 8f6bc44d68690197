import { isForeignId } from '@/lib/core/id';
import type { NoticeKind } from '@/lib/notifications/notification-kinds';
import type { Tx } from '../database/transaction';
import type { EscalationRecord } from '../escalations/escalation-record';
import { type Notice, notify } from './notify';

/** Tells of an escalation by what may leave the console: its agent's id, tier, page and clock. */
export async function notifyOfEscalation(
  tx: Tx,
  escalation: Pick<EscalationRecord, 'id' | 'tenant' | 'agent' | 'tier' | 'expiresAtMs'>,
  notice: { kind: NoticeKind; nowMs: number } & Pick<Notice, 'occasion' | 'to' | 'channel'>,
): Promise<void> {
  const { id, tenant, agent, tier, expiresAtMs } = escalation;
  await notify(tx, {
    ...notice,
    tenant,
    ref: id,
    path: `/queue/${id}`,
    // An agent names itself; what is no plain id stays inside.
    agent: isForeignId(agent) ? agent : null,
    tier,
    expiresAtMs,
  });
}
