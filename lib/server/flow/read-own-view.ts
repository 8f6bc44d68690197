import type { EscalationRow, EscalationState } from '@/lib/escalations/escalation-view';
import { DECIDING_ROLES, holdsRole } from '@/lib/identity/permissions';
import type { Tx } from '../database/transaction';
import type { Reviewer } from '../reviews/reviewer';
import { listDeferrals } from './list-deferrals';

/**
 * What differs in a row from one viewer to the next: what they put aside, and whether they could still decide it and so
 * must not learn from the count that somebody else has.
 */
export async function readOwnView(
  tx: Tx,
  viewer: Reviewer,
  rows: readonly { id: string }[],
  nowMs: number,
): Promise<
  (row: { id: string; state: EscalationState }) => { deferral: EscalationRow['deferral']; isBlind: boolean }
> {
  const ids = rows.map(({ id }) => id);
  const deferrals = await listDeferrals(tx, viewer, ids, nowMs);
  const decided = await tx.query<{ escalation: string }>(
    'SELECT escalation FROM reviews WHERE tenant = $1 AND person = $2 AND escalation = ANY($3)',
    [viewer.tenant.id, viewer.person.id, ids],
  );
  const own = new Set(decided.rows.map(({ escalation }) => escalation));
  const decides = holdsRole(viewer.roles, DECIDING_ROLES);
  return ({ id, state }) => ({
    deferral: deferrals.get(id) ?? null,
    isBlind: decides && state === 'pending' && !own.has(id),
  });
}
