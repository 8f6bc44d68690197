import { DECIDING_ROLES, holdsRole } from '@/lib/identity/permissions';
import type { LineageHop } from '@/lib/lineage/lineage-view';
import { getPool } from '../database/pool';
import { ServiceError } from '../errors';
import type { Reviewer } from '../reviews/reviewer';

/**
 * A hop without the reviews of what this person could still decide: that there is one tells a second reviewer the first
 * verdict, because a denial would have ended it.
 * @throws ServiceError `not_found` for such a review itself
 */
export async function withholdReviews(viewer: Reviewer, hop: LineageHop): Promise<LineageHop> {
  const reviews = hop.edges.filter(({ kind }) => kind === 'reviews');
  if (reviews.length === 0 || !holdsRole(viewer.roles, DECIDING_ROLES)) return hop;
  const open = await getPool().query<{ id: string }>(
    `SELECT e.id FROM escalations e WHERE e.tenant = $1 AND e.id = ANY($2) AND e.state = 'pending'
        AND NOT EXISTS (SELECT 1 FROM reviews r WHERE r.escalation = e.id AND r.person = $3)`,
    [viewer.tenant.id, reviews.map(({ target }) => target), viewer.person.id],
  );
  const hidden = new Set(
    reviews.filter(({ target }) => open.rows.some(({ id }) => id === target)).map(({ source }) => source),
  );
  if (hidden.has(hop.center)) throw new ServiceError('not_found', 'Nothing here has this name.');
  return {
    ...hop,
    nodes: hop.nodes.filter(({ id }) => !hidden.has(id)),
    edges: hop.edges.filter(({ source, target }) => !hidden.has(source) && !hidden.has(target)),
  };
}
