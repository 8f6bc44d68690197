import { getPool } from '../database/pool';
import { ServiceError } from '../errors';

/**
 * The head position of a stream of this tenant.
 * @throws ServiceError `not_found`, also for another tenant's stream
 */
export async function requireStream(tenant: string, stream: string): Promise<{ position: number }> {
  const rows = await getPool().query<{ position: number }>({
    name: 'require-stream',
    text: 'SELECT position FROM streams WHERE stream = $1 AND tenant = $2',
    values: [stream, tenant],
  });
  const row = rows.rows[0];
  if (!row) throw new ServiceError('not_found', 'No such stream.');
  return { position: row.position };
}
