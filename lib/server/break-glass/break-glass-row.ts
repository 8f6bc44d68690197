import type { Tier } from '@/lib/decisions/record-payload';
import type { OpenBreakGlass } from '@/lib/escalations/eligibility';
import type { BreakGlassFinding, BreakGlassView } from '@/lib/identity/break-glass-requests';
import type { Tx } from '../database/transaction';

/** One row of `break_glasses`. */
export interface BreakGlassRow {
  id: string;
  tenant: string;
  asked_by: string;
  asked_at: Date;
  confirm_by: Date;
  reason_code: BreakGlassView['reasonCode'];
  reason_ref: string;
  opened_by: string | null;
  opened_at: Date | null;
  until_at: Date | null;
  tiers: Tier[];
  relaxes: OpenBreakGlass['relaxes'][number][];
  closed_at: Date | null;
  closed_by: string | null;
  review_due_at: Date | null;
  reviewed_at: Date | null;
  reviewed_by: string | null;
  finding: BreakGlassFinding | null;
  finding_ref: string | null;
}

/** Where a break-glass stands at `nowMs`. */
export function breakGlassState(row: BreakGlassRow, nowMs: number): BreakGlassView['state'] {
  if (!row.opened_at || !row.until_at) return row.confirm_by.getTime() > nowMs ? 'asked' : 'lapsed';
  if (!row.closed_at && row.until_at.getTime() > nowMs) return 'open';
  if (row.reviewed_at) return 'reviewed';
  return row.review_due_at && row.review_due_at.getTime() > nowMs ? 'review_due' : 'review_overdue';
}

/** Locks one break-glass of a tenant, or null. */
export async function lockBreakGlass(
  tx: Tx,
  at: { tenant: string; id: string },
): Promise<BreakGlassRow | null> {
  const found = await tx.query<BreakGlassRow>(
    'SELECT * FROM break_glasses WHERE id = $1 AND tenant = $2 FOR UPDATE',
    [at.id, at.tenant],
  );
  return found.rows[0] ?? null;
}
