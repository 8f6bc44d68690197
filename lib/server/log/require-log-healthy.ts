import { getPool } from '../database/pool';
import type { Tx } from '../database/transaction';
import { ServiceError } from '../errors';
import { LOG_NAME } from './log-head';

/**
 * Fails closed: while the log is halted no token is issued and none is redeemed. A log that was never opened is not
 * halted; nothing was signed that could be contradicted.
 * @throws ServiceError `log_halted`
 */
export async function requireLogHealthy(tx: Tx = getPool()): Promise<void> {
  const rows = await tx.query<{ halted_code: string | null }>({
    name: 'log-halted',
    text: 'SELECT halted_code FROM log_heads WHERE log = $1',
    values: [LOG_NAME],
  });
  if (rows.rows[0]?.halted_code)
    throw new ServiceError('log_halted', 'The log contradicts itself; see /integrity.');
}
