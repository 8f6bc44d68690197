import { DECIDE_BOUNDS_S, type EscalationInsights, type RuleEnds } from '@/lib/analytics/escalation-insights';
import type { OutcomeVerdict } from '@/lib/decisions/record-payload';
import { nowMs as clockNowMs } from '../clock';
import { getPool } from '../database/pool';
import { readCounts } from '../decisions/read-counts';
import { wholeDays } from '../decisions/rollup-source';

const DAY_MS = 86_400_000;
const MOST_RULES = 500;
type Ends = EscalationInsights['ends'];

/** What became of the escalations that were submitted in whole UTC days up to today; of one agent, or of all. */
export async function getEscalationInsights(
  tenant: string,
  { days, agent }: { days: number; agent?: string | undefined },
  { nowMs = clockNowMs() } = {},
): Promise<EscalationInsights> {
  const today = Math.floor(nowMs / DAY_MS) * DAY_MS;
  const from = today - (days - 1) * DAY_MS;
  const values = [tenant, new Date(from), new Date(today + DAY_MS), agent ?? null];
  const where = 'tenant = $1 AND created_at >= $2 AND created_at < $3 AND ($4::text IS NULL OR agent = $4)';
  const [states, times, rules, approvals, decisions] = await Promise.all([
    getPool().query<{ state: keyof Ends; n: number }>(
      `SELECT state, count(*)::bigint AS n FROM escalations WHERE ${where} GROUP BY state`,
      values,
    ),
    getPool().query<{ class: number; state: 'approved' | 'denied'; n: number; p50: number; p90: number }>(
      `WITH ended AS (SELECT state, extract(epoch FROM ended_at - created_at)::float8 AS s FROM escalations
          WHERE ${where} AND state IN ('approved', 'denied') AND ended_at IS NOT NULL),
        q AS (SELECT percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY s) AS p FROM ended)
       SELECT width_bucket(s, $5::float8[]) AS class, state, count(*)::bigint AS n, max(q.p[1]) AS p50, max(q.p[2]) AS p90
         FROM ended, q GROUP BY 1, 2`,
      [...values, DECIDE_BOUNDS_S],
    ),
    getPool().query<RuleEnds & { of: number }>(
      `SELECT rule, control, count(*)::bigint AS asked, count(*) FILTER (WHERE state = 'approved')::bigint AS approved,
          count(*) FILTER (WHERE state = 'denied')::bigint AS denied, count(*) FILTER (WHERE state = 'expired')::bigint AS expired,
          count(*) FILTER (WHERE state IN ('cancelled', 'superseded'))::bigint AS withdrawn,
          count(*) FILTER (WHERE state = 'pending')::bigint AS pending, count(*) OVER ()::bigint AS of
         FROM escalations WHERE ${where} GROUP BY rule, control ORDER BY 3 DESC, rule, control LIMIT ${MOST_RULES}`,
      values,
    ),
    getPool().query<EscalationInsights['approvals']>(
      `SELECT count(r.approval)::bigint AS redeemed, count(v.approval)::bigint AS revoked,
          count(*) FILTER (WHERE r.approval IS NULL AND v.approval IS NULL AND a.expires_at <= $5)::bigint AS unused,
          count(*) FILTER (WHERE r.approval IS NULL AND v.approval IS NULL AND a.expires_at > $5)::bigint AS open
         FROM (SELECT id FROM escalations WHERE ${where} AND state = 'approved') e
         JOIN approvals a ON a.escalation = e.id
         LEFT JOIN redemptions r ON r.approval = a.id LEFT JOIN revocations v ON v.approval = a.id AND r.approval IS NULL`,
      [...values, new Date(nowMs)],
    ),
    readCounts({
      tenant,
      window: wholeDays(from, today + DAY_MS),
      given: agent === undefined ? {} : { agent: [agent] },
      dims: [''],
    }),
  ]);
  const ends: Ends = { approved: 0, denied: 0, expired: 0, cancelled: 0, superseded: 0, pending: 0 };
  for (const { state, n } of states.rows) if (state in ends) ends[state] = n;
  const timeToDecide = Array.from({ length: DECIDE_BOUNDS_S.length + 1 }, () => ({ approved: 0, denied: 0 }));
  for (const { class: at, state, n } of times.rows) {
    const counts = timeToDecide[at];
    if (counts) counts[state] += n;
  }
  const quantiles = times.rows[0];
  const decided = (verdict: OutcomeVerdict) => decisions.find((count) => count.verdict === verdict)?.n ?? 0;
  return {
    from: new Date(from).toISOString().slice(0, 10),
    to: new Date(today).toISOString().slice(0, 10),
    ends,
    approvals: approvals.rows[0] ?? { redeemed: 0, revoked: 0, unused: 0, open: 0 },
    policy: { refused: decided('refuse'), deferred: decided('defer') },
    timeToDecide,
    quantilesMs: quantiles
      ? { p50: Math.round(quantiles.p50 * 1_000), p90: Math.round(quantiles.p90 * 1_000) }
      : null,
    rules: rules.rows.map(({ of: _, ...rule }) => rule),
    ruleCount: rules.rows[0]?.of ?? 0,
  };
}
