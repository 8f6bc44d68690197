import type { AccessTask } from '@/lib/escalations/access-request';
import { nowMs as clockNowMs } from '../clock';
import { getPool } from '../database/pool';
import { ServiceError } from '../errors';
import { waitForEvent } from '../events/wait-for-event';
import type { ProducerCaller } from '../machine-auth/require-producer';
import { expireEscalation } from './expire';
import { formatTask } from './format-task';

export const MAX_WAIT_MS = 30_000;

/**
 * A gateway's own task. With `waitMs` (at most 30 s) the answer waits until the task has ended, or time is up, or the
 * caller went away; a task still pending then is answered as pending: a timeout decides nothing.
 * @throws ServiceError `task_unknown`, also for tasks of others
 */
export async function getTask(
  caller: Pick<ProducerCaller, 'tenant' | 'producerId'>,
  id: string,
  options: { waitMs?: number; signal?: AbortSignal } = {},
): Promise<AccessTask> {
  const task = await readTask(caller, id);
  const waitMs = Math.min(options.waitMs ?? 0, MAX_WAIT_MS);
  if (task.status !== 'pending' || waitMs <= 0) return task;
  const ended = await waitForEvent({
    matches: (event) => event.tenant === caller.tenant && event.id === id,
    read: async () => {
      const current = await readTask(caller, id);
      return current.status === 'pending' ? null : current;
    },
    waitMs,
    ...(options.signal ? { signal: options.signal } : {}),
  });
  return ended ?? readTask(caller, id);
}

async function readTask(
  caller: Pick<ProducerCaller, 'tenant' | 'producerId'>,
  id: string,
): Promise<AccessTask> {
  const { tenant, producerId } = caller;
  const pool = getPool();
  const owned = await pool.query<{ overdue: boolean }>(
    `SELECT state = 'pending' AND expires_at <= $4 AS overdue FROM escalations e
      WHERE id = $1 AND tenant = $2 AND gateway = $3
        AND NOT EXISTS (SELECT 1 FROM drills d WHERE d.tenant = e.tenant AND d.escalation = e.id)`,
    [id, tenant, producerId, new Date(clockNowMs())],
  );
  const row = owned.rows[0];
  if (!row) throw new ServiceError('task_unknown', 'No task of yours has this id.');
  if (row.overdue) await expireEscalation({ tenant, id });
  return formatTask(pool, { tenant, id });
}
