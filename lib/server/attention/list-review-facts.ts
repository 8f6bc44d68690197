import type { ReviewFact } from '@/lib/analytics/reviewing-signals';
import type { Tx } from '../database/transaction';

const MOST = 20_000;

/** Everybody's real verdicts of a time, with what there was to read and what came of them. Drills are not among them. */
export async function listReviewFacts(
  tx: Tx,
  tenant: string,
  { fromMs, toMs }: { fromMs: number; toMs: number },
): Promise<ReviewFact[]> {
  const found = await tx.query<Omit<ReviewFact, 'atMs' | 'activeMs'> & { at: Date; active_ms: number }>(
    `SELECT r.person, r.decided_at AS at, e.tool || ' ' || e.tier AS kind, r.verdict, r.active_ms, m.characters,
            cardinality(m.required_sections) AS required,
            cardinality(ARRAY(SELECT unnest(m.required_sections) INTERSECT SELECT unnest(r.coverage))) AS read,
            (r.verdict = 'approve' AND (v.approval IS NOT NULL OR EXISTS (
               SELECT 1 FROM reviews o WHERE o.escalation = r.escalation AND o.person <> r.person AND o.verdict = 'deny'
                 AND o.decided_at > r.decided_at))) AS overridden,
            (r.verdict = 'approve' AND (coalesce(x.state = 'upstream_error', false) OR EXISTS (
               SELECT 1 FROM integrity_conditions c WHERE c.tenant = r.tenant AND c.escalation = r.escalation))) AS incident
       FROM reviews r
       JOIN review_measures m ON m.escalation = r.escalation AND m.person = r.person AND m.tenant = r.tenant
       JOIN escalations e ON e.id = r.escalation AND e.tenant = r.tenant
       LEFT JOIN approvals a ON a.escalation = r.escalation AND a.tenant = r.tenant
       LEFT JOIN revocations v ON v.approval = a.id
       LEFT JOIN outcomes x ON x.approval = a.id
      WHERE r.tenant = $1 AND r.decided_at > $2 AND r.decided_at <= $3 AND e.state <> 'pending'
      ORDER BY r.decided_at DESC LIMIT ${MOST}`,
    [tenant, new Date(fromMs), new Date(toMs)],
  );
  return found.rows.map(({ at, active_ms, ...row }) => ({ ...row, atMs: at.getTime(), activeMs: active_ms }));
}
