import { DECIDING_ROLES, holdsRole } from '@/lib/identity/permissions';
import { getPool } from '../database/pool';
import type { Reviewer } from '../reviews/reviewer';

/** Nodes that a lineage is drawn without, as if no record named them. */
export type Withheld = ReadonlySet<string>;

export const NOTHING_WITHHELD: Withheld = new Set();

/**
 * The reviews of what this person could still decide: that there is one tells a second reviewer the first verdict, because
 * a denial would have ended it. Those who only oversee see all of them.
 */
export async function findWithheld(viewer: Reviewer): Promise<Withheld> {
  if (!holdsRole(viewer.roles, DECIDING_ROLES)) return NOTHING_WITHHELD;
  const open = await getPool().query<{ id: string }>(
    `SELECT g.source AS id FROM escalations e
       JOIN edges g ON g.tenant = e.tenant AND g.target = e.id AND g.kind = 'reviews'
      WHERE e.tenant = $1 AND e.state = 'pending' AND e.approvals > 0
        AND NOT EXISTS (SELECT 1 FROM reviews r WHERE r.escalation = e.id AND r.person = $2)`,
    [viewer.tenant.id, viewer.person.id],
  );
  return new Set(open.rows.map(({ id }) => id));
}
