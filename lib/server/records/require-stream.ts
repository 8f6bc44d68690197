import { holdsRole } from '@/lib/identity/permissions';
import type { Viewer } from '@/lib/identity/viewer';
import { consoleStream } from '../config';
import { getPool } from '../database/pool';
import { ServiceError } from '../errors';

/** The console's journal holds verdicts that a second reviewer must not see before their own. */
const JOURNAL_READERS = ['compliance', 'data_protection', 'auditor'] as const;

/**
 * The head position of a stream that this person may read record by record.
 * @throws ServiceError `not_found`, also for another tenant's stream; `role_required` for the console's own journal
 */
export async function requireStream(
  viewer: Pick<Viewer, 'tenant' | 'roles'>,
  stream: string,
): Promise<{ position: number }> {
  const rows = await getPool().query<{ position: number }>({
    name: 'require-stream',
    text: 'SELECT position FROM streams WHERE stream = $1 AND tenant = $2',
    values: [stream, viewer.tenant.id],
  });
  const row = rows.rows[0];
  if (!row) throw new ServiceError('not_found', 'No such stream.');
  if (stream === consoleStream(viewer.tenant.id) && !holdsRole(viewer.roles, JOURNAL_READERS)) {
    throw new ServiceError('role_required', "The console's own journal is for compliance and audit.");
  }
  return { position: row.position };
}
