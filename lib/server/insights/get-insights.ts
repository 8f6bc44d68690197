import type { InsightsView, OutcomeCounts } from '@/lib/analytics/insights-view';
import type { OutcomeVerdict } from '@/lib/decisions/record-payload';
import { nowMs } from '../clock';
import { getPool } from '../database/pool';
import { type Count, readCounts } from '../decisions/read-counts';
import { wholeDays } from '../decisions/rollup-source';
import { ServiceError } from '../errors';
import { getActivePolicy } from '../policies/get-active-policy';
import type { CountedBy } from '../records/rollup-dimensions';
import { HAS_ENDED } from '../reviews/has-ended';

const DAY_MS = 86_400_000;

export interface InsightsFilter {
  days: number;
  agent?: string | undefined;
  source?: string | undefined;
  /** Only what this control decided counts as refused, escalated or deferred; the denominator stays every decision. */
  control?: string | undefined;
}

type Counts = OutcomeCounts & { of: number };

const none = (): Counts => ({ allow: 0, refuse: 0, escalate: 0, defer: 0, of: 0 });

function add(counts: Counts, verdict: OutcomeVerdict, n: number): Counts {
  counts[verdict] += n;
  counts.of += n;
  return counts;
}

const isoDay = (ms: number) => new Date(ms).toISOString().slice(0, 10);

/** Counts of a tenant's decisions over whole UTC days up to today, from rollups; escalations and reviews from their tables. */
export async function getInsights(
  tenant: string,
  { days, agent, source, control }: InsightsFilter,
  { nowMs: at = nowMs() }: { nowMs?: number } = {},
): Promise<InsightsView> {
  const today = Math.floor(at / DAY_MS) * DAY_MS;
  const from = today - (days - 1) * DAY_MS;
  const to = today + DAY_MS;
  const [grouped, before, changes, escalations, reviewers, policy] = await Promise.all([
    countGrouped(tenant, from, to, { agent, source, control }),
    countBefore(tenant, from - days * DAY_MS, from, { agent, source, control }),
    listChanges(tenant, from, to),
    countEscalations(tenant, from, to, agent),
    listReviewers(tenant, from, to),
    getActivePolicy(tenant, at).catch((error: unknown) => {
      if (error instanceof ServiceError && error.code === 'policy_missing') return null;
      throw error;
    }),
  ]);
  const byDay = new Map(grouped.days.map((row) => [row.day, row]));
  const totals = none();
  for (const row of grouped.days)
    for (const v of ['allow', 'refuse', 'escalate', 'defer'] as const) add(totals, v, row[v]);
  const fired = new Set(grouped.rules.map(({ rule }) => rule));
  const known = [
    ...(policy?.document.thresholds ?? []).map(({ name }) => ({ rule: name, control: 'threshold' })),
    ...(policy?.document.budgets ?? []).map(({ name }) => ({ rule: name, control: 'budget' })),
  ];
  const silent = known.filter(({ rule }) => !fired.has(rule));
  return {
    from: isoDay(from),
    to: isoDay(today),
    days: Array.from({ length: days }, (_, i) => {
      const day = isoDay(from + i * DAY_MS);
      return byDay.get(day) ?? { day, ...none() };
    }),
    totals,
    before,
    byAgent: grouped.byAgent,
    byControl: grouped.byControl,
    bySource: grouped.bySource,
    rules: grouped.rules,
    silentRules: await lastFired(tenant, silent, to),
    policyRules: known.length,
    changes,
    escalations,
    reviewers,
  };
}

/**
 * A verdict that another control than the chosen one spoke counts as let pass by this one; without one chosen, `dim` is
 * every decision.
 */
function spokenBy(control: string | undefined): { dim: CountedBy; verdictOf(count: Count): OutcomeVerdict } {
  if (control === undefined) return { dim: '', verdictOf: ({ verdict }) => verdict };
  return { dim: 'control', verdictOf: ({ value, verdict }) => (value === control ? verdict : 'allow') };
}

const givenOf = ({ agent, source }: Omit<InsightsFilter, 'days'>) => ({
  ...(agent === undefined ? {} : { agent: [agent] }),
  ...(source === undefined ? {} : { source: [source] }),
});

/** Every breakdown of the window. */
async function countGrouped(
  tenant: string,
  from: number,
  to: number,
  { control, ...filter }: Omit<InsightsFilter, 'days'>,
) {
  const scope = { tenant, window: wholeDays(from, to), given: givenOf(filter) };
  const { dim: spoken, verdictOf } = spokenBy(control);
  const [counts, rules] = await Promise.all([
    readCounts({ ...scope, dims: ['', 'agent', 'control', 'source'], timed: [spoken] }),
    readCounts({ ...scope, by: 'control', dims: ['rule'] }),
  ]);
  const days = new Map<string, Counts>();
  for (const count of counts.filter(({ dim }) => dim === spoken)) {
    const day = isoDay(count.atMs ?? 0);
    days.set(day, add(days.get(day) ?? none(), verdictOf(count), count.n));
  }
  const named = (dim: 'agent' | 'control' | 'source') => {
    const found = new Map<string, Counts>();
    for (const count of counts.filter((each) => each.dim === dim && each.value !== ''))
      found.set(count.value, add(found.get(count.value) ?? none(), count.verdict, count.n));
    return [...found]
      .map(([name, counted]) => ({ name, ...counted }))
      .sort((a, b) => b.of - a.of || (a.name < b.name ? -1 : 1));
  };
  return {
    days: [...days].map(([day, counted]) => ({ day, ...counted })),
    byAgent: named('agent'),
    byControl: named('control'),
    bySource: named('source'),
    rules: rules
      .filter(({ value, verdict }) => value !== '' && verdict !== 'allow')
      .map(({ value, by, verdict, n }) => ({ rule: value, control: by, verdict, n }))
      .sort((a, b) => b.n - a.n || (a.rule < b.rule ? -1 : 1)),
  };
}

async function countBefore(
  tenant: string,
  from: number,
  to: number,
  { control, ...filter }: Omit<InsightsFilter, 'days'>,
): Promise<Counts> {
  const { dim, verdictOf } = spokenBy(control);
  const window = wholeDays(from, to);
  const counts = await readCounts({ tenant, window, given: givenOf(filter), dims: [dim] });
  return counts.reduce((sum, count) => add(sum, verdictOf(count), count.n), none());
}

async function listChanges(tenant: string, from: number, to: number): Promise<InsightsView['changes']> {
  const result = await getPool().query<{
    occurred_at: Date;
    id: string;
    target: string;
    name: string;
    to_version: string;
    direction: string | null;
    summary: string;
  }>(
    `SELECT occurred_at, id, target, name, to_version, direction, summary FROM changes
      WHERE tenant = $1 AND occurred_at >= $2 AND occurred_at < $3 ORDER BY occurred_at, id LIMIT 200`,
    [tenant, new Date(from), new Date(to)],
  );
  return result.rows.map(({ occurred_at, to_version, ...row }) => ({
    ...row,
    at: occurred_at.toISOString(),
    toVersion: to_version,
  }));
}

async function countEscalations(
  tenant: string,
  from: number,
  to: number,
  agent?: string,
): Promise<InsightsView['escalations']> {
  const result = await getPool().query<{ state: string; n: number; median: number | null }>(
    `SELECT CASE WHEN GROUPING(state) = 1 THEN '' ELSE state END AS state, count(*)::bigint AS n,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM ended_at - created_at))
          FILTER (WHERE state IN ('approved', 'denied')) AS median
       FROM escalations WHERE tenant = $1 AND created_at >= $2 AND created_at < $3 AND ($4::text IS NULL OR agent = $4)
      GROUP BY GROUPING SETS ((state), ())`,
    [tenant, new Date(from), new Date(to), agent ?? null],
  );
  const count = (state: string) => result.rows.find((row) => row.state === state)?.n ?? 0;
  const median = result.rows.find(({ state }) => state === '')?.median ?? null;
  return {
    approved: count('approved'),
    denied: count('denied'),
    expired: count('expired'),
    cancelled: count('cancelled'),
    superseded: count('superseded'),
    pending: count('pending'),
    medianDecideMs: median === null ? null : Math.round(Number(median) * 1_000),
  };
}

/** By name, never by figure: this is to spread load, not to rank people. What still waits for a verdict is left out. */
async function listReviewers(tenant: string, from: number, to: number): Promise<InsightsView['reviewers']> {
  const result = await getPool().query<{
    person: string;
    name: string;
    reviews: number;
    approved: number;
    days: number;
    busiest: number;
    median: number;
  }>(
    `WITH given AS (SELECT r.* FROM reviews r WHERE r.tenant = $1 AND r.decided_at >= $2 AND r.decided_at < $3
         AND ${HAS_ENDED})
     SELECT p.id AS person, p.name, sum(d.n)::bigint AS reviews, sum(d.approved)::bigint AS approved,
        count(*)::bigint AS days, max(d.n)::bigint AS busiest, max(m.median)::float8 AS median
       FROM (SELECT person, date_trunc('day', decided_at, 'UTC') AS day, count(*)::bigint AS n,
               count(*) FILTER (WHERE verdict = 'approve')::bigint AS approved
               FROM given GROUP BY 1, 2) d
       JOIN (SELECT person, percentile_cont(0.5) WITHIN GROUP (ORDER BY active_ms) AS median
               FROM given GROUP BY 1) m ON m.person = d.person
       JOIN people p ON p.id = d.person
      GROUP BY p.id, p.name ORDER BY p.name, p.id`,
    [tenant, new Date(from), new Date(to)],
  );
  return result.rows.map((row) => ({
    person: row.person,
    name: row.name,
    reviews: row.reviews,
    approved: row.approved,
    activeDays: row.days,
    busiestDay: row.busiest,
    medianActiveMs: Math.round(row.median),
  }));
}

async function lastFired(
  tenant: string,
  rules: readonly { rule: string; control: string }[],
  to: number,
): Promise<InsightsView['silentRules']> {
  if (rules.length === 0) return [];
  const result = await getPool().query<{ rule: string; at: Date | null }>(
    `SELECT r.rule, (SELECT max(d.occurred_at) FROM decisions d WHERE d.tenant = $1 AND d.rule = r.rule AND d.occurred_at < $3) AS at
       FROM unnest($2::text[]) AS r(rule)`,
    [tenant, rules.map(({ rule }) => rule), new Date(to)],
  );
  return rules.map((each) => ({
    ...each,
    lastFired: result.rows.find(({ rule }) => rule === each.rule)?.at?.toISOString() ?? null,
  }));
}
