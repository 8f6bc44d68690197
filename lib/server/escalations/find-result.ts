import { formatInstant } from '@/lib/core/instant';
import type { EscalationDetail, Role, Verdict } from '@/lib/escalations/escalation-view';
import { findApproval } from '../approvals/find-approval';
import type { Tx } from '../database/transaction';
import { findDrillView } from '../drills/find-drill-view';
import { readText } from '../payloads/read-text';
import type { EscalationRecord } from './escalation-record';

interface ReviewRow {
  name: string;
  role: Role;
  verdict: Verdict;
  reason_code: string;
  reason_ref: string;
  decided_at: Date;
  review_dwell_ms: number;
  active_ms: number;
  on_behalf_of: string | null;
  break_glass: string | null;
}

/** Verdicts and approval of an escalation that has ended; null while it is pending, so that nobody is led by another. */
export async function findResult(tx: Tx, escalation: EscalationRecord): Promise<EscalationDetail['result']> {
  if (escalation.state === 'pending') return null;
  const { id, tenant } = escalation;
  const reviews = await tx.query<ReviewRow>(
    `SELECT p.name, r.role, r.verdict, r.reason_code, r.reason_ref, r.decided_at, r.review_dwell_ms, r.active_ms,
            lender.name AS on_behalf_of, r.break_glass, r.id
       FROM reviews r JOIN people p ON p.id = r.person LEFT JOIN people lender ON lender.id = r.on_behalf_of
      WHERE r.escalation = $1 AND r.tenant = $2
     UNION ALL
     SELECT p.name, d.role, d.verdict, d.reason_code, d.reason_ref, d.scored_at, d.review_dwell_ms, d.active_ms,
            NULL, NULL, d.drill
       FROM drill_scores d JOIN people p ON p.id = d.person
      WHERE d.escalation = $1 AND d.tenant = $2 ORDER BY decided_at, id`,
    [id, tenant],
  );
  const shown: NonNullable<EscalationDetail['result']>['reviews'] = [];
  for (const row of reviews.rows) {
    shown.push({
      name: row.name,
      role: row.role,
      onBehalfOf: row.on_behalf_of,
      breakGlass: row.break_glass,
      verdict: row.verdict,
      reasonCode: row.reason_code,
      reasonText: await readText(tx, { tenant, ref: row.reason_ref }),
      decidedAt: formatInstant(row.decided_at.getTime()),
      reviewDwellMs: row.review_dwell_ms,
      activeMs: row.active_ms,
    });
  }
  return {
    reviews: shown,
    approval: await findApprovalView(tx, tenant, id),
    drill: await findDrillView(tx, { tenant, id }),
  };
}

async function findApprovalView(
  tx: Tx,
  tenant: string,
  escalation: string,
): Promise<NonNullable<EscalationDetail['result']>['approval']> {
  const approval = await findApproval(tx, { tenant, escalation });
  if (!approval) return null;
  const found = await tx.query<{ redeemed_at: Date | null; outcome: string | null }>(
    `SELECT (SELECT redeemed_at FROM redemptions WHERE approval = $1 AND tenant = $2) AS redeemed_at,
            (SELECT state FROM outcomes WHERE approval = $1 AND tenant = $2) AS outcome`,
    [approval.id, tenant],
  );
  const row = found.rows[0];
  return {
    id: approval.id,
    token: approval.token(),
    expiresAt: formatInstant(approval.expiresAtMs),
    redeemedAt: row?.redeemed_at ? formatInstant(row.redeemed_at.getTime()) : null,
    outcome: row?.outcome ?? null,
  };
}
