import { DECIDING_ROLES } from '@/lib/identity/permissions';
import type { Viewer } from '@/lib/identity/viewer';
import type { Tx } from '../database/transaction';
import { findPayloadGrant } from '../vault/request-row';

/** By what authority somebody reads the contents of a decision, and who granted it where that was needed. */
export interface PayloadReader {
  authority: string;
  granted: { request: string; by: string } | null;
}

/**
 * Compliance reads; a reviewer while they have the decision's escalation open; others for as long as somebody's grant lasts; an
 * administrator never, whatever else they are. Null for everybody else.
 */
export async function findPayloadReader(
  tx: Tx,
  viewer: Pick<Viewer, 'person' | 'tenant' | 'roles'>,
  decision: string,
  { nowMs }: { nowMs: number },
): Promise<PayloadReader | null> {
  const { roles, person, tenant } = viewer;
  if (roles.includes('admin')) return null;
  if (roles.includes('compliance')) return { authority: 'compliance', granted: null };
  const grant = await findPayloadGrant(tx, { tenant: tenant.id, person: person.id, decision }, nowMs);
  if (grant?.decidedBy)
    return { authority: grant.authority, granted: { request: grant.id, by: grant.decidedBy } };
  const reviewing = DECIDING_ROLES.find((role) => roles.includes(role));
  if (!reviewing) return null;
  const open = await tx.query(
    `SELECT 1 FROM escalations e JOIN review_sessions s ON s.escalation = e.id AND s.person = $3 AND s.opened_at IS NOT NULL
      WHERE e.tenant = $1 AND e.decision = $2 AND e.state = 'pending' AND e.expires_at > $4 LIMIT 1`,
    [tenant.id, decision, person.id, new Date(nowMs)],
  );
  return open.rows.length > 0 ? { authority: reviewing, granted: null } : null;
}
