import type { SubmitRequest } from '@/lib/escalations/access-request';
import type { Tx } from '../database/transaction';
import { ServiceError } from '../errors';
import type { ProducerCaller } from '../machine-auth/require-producer';

/**
 * The name of the registered channel that a request's callback means, or null when it names none. Only an administrator
 * registers addresses; a request chooses among those of its own gateway.
 * @throws ServiceError `callback_unregistered`
 */
export async function requireCallback(
  tx: Tx,
  caller: Pick<ProducerCaller, 'tenant' | 'producerId'>,
  { callback }: Pick<SubmitRequest, 'callback'>,
): Promise<string | null> {
  if (callback === undefined) return null;
  const found = await tx.query<{ name: string }>(
    `SELECT name FROM notification_channels
      WHERE tenant = $1 AND gateway = $2 AND type = 'callback' AND enabled AND settings->>'url' = $3 ORDER BY name LIMIT 1`,
    [caller.tenant, caller.producerId, callback.url],
  );
  const name = found.rows[0]?.name;
  if (name === undefined)
    throw new ServiceError('callback_unregistered', 'An administrator has to register the callback first.');
  return name;
}
