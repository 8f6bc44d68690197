import type { SearchQuery } from '@/lib/decisions/search-query';
import { DECIDING_ROLES, holdsRole } from '@/lib/identity/permissions';
import type { Viewer } from '@/lib/identity/viewer';
import { getPool } from '../database/pool';
import { ServiceError } from '../errors';

/** Terms that may name one single case. */
const NAMING = new Set(['subject', 'escalation', 'trace']);

/**
 * Whoever may decide reads a waiting case on its own page, where what is shown is what is signed: elsewhere its decision
 * is left out and what it names is not looked up, so that nobody can tell a drill by what it lacks.
 */
export function isKeptApart({ roles }: Pick<Viewer, 'roles'>): boolean {
  return holdsRole(roles, DECIDING_ROLES);
}

/** @throws ServiceError `case_waits` for a person who may decide, when one of the names belongs to a waiting escalation */
export async function requireNotWaiting(
  viewer: Pick<Viewer, 'roles' | 'tenant'>,
  names: readonly string[],
): Promise<void> {
  if (names.length === 0 || !isKeptApart(viewer)) return;
  const found = await getPool().query(
    `SELECT 1 FROM escalations WHERE tenant = $1 AND state = 'pending' AND (id = ANY($2) OR principal = ANY($2)
       OR trace_id = ANY($2) OR EXISTS (SELECT 1 FROM jsonb_array_elements(subjects) s WHERE s->>'token' = ANY($2)))
      LIMIT 1`,
    [viewer.tenant.id, names],
  );
  if (found.rows.length > 0)
    throw new ServiceError('case_waits', 'Read it in the queue: everything else opens after the verdict.');
}

/** @throws ServiceError `case_waits` when a search names a waiting case */
export async function requireSearchable(
  viewer: Pick<Viewer, 'roles' | 'tenant'>,
  query: SearchQuery,
): Promise<void> {
  await requireNotWaiting(
    viewer,
    query.flatMap(({ field, value }) => (NAMING.has(field) ? [value] : [])),
  );
}
