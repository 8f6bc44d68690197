import { countMatches, facetOf, histogramOf, type TimedCount } from '@/lib/decisions/count-matches';
import { FACETS, type Facet, type SearchSummary } from '@/lib/decisions/decision-view';
import { type SearchQuery, valuesOf, windowOf } from '@/lib/decisions/search-query';
import { getPool } from '../database/pool';
import { inTransaction, type Tx } from '../database/transaction';
import type { DecisionSqlRow } from './search-conditions';
import { toDecisionRow } from './search-conditions';
import { pageStatement } from './search-decisions';

const COLUMNS: Record<Facet, string> = {
  outcome: 'verdict',
  agent: 'agent',
  tool: 'tool',
  control: 'control',
  rule: 'rule',
  source: 'source',
};
const HOUR_MS = 3_600_000;
/** Matches that are read whole to be counted when no rollup counts them. */
const COUNT_LIMIT = 1_000;
const COUNT_TIMEOUT_MS = 2_000;

/** True when rollups count exactly this search: their own dimensions only, and whole hours. */
export function isCountedByRollups(query: SearchQuery): boolean {
  const { afterMs = 0, beforeMs = 0 } = windowOf(query);
  if (afterMs % HOUR_MS !== 0 || beforeMs % HOUR_MS !== 0) return false;
  return query.every(({ field }) => field === 'after' || field === 'before' || field in COLUMNS);
}

/**
 * How many match, by facet and over time. Exact from rollups where they count this very search; exact by reading when at
 * most 1,000 match; otherwise "more than" what was read, with no facets rather than wrong ones.
 */
export async function summariseSearch(tenant: string, query: SearchQuery): Promise<SearchSummary> {
  return isCountedByRollups(query) ? fromRollups(tenant, query) : fromRows(tenant, query);
}

async function fromRows(tenant: string, query: SearchQuery): Promise<SearchSummary> {
  try {
    return await inTransaction(async (tx: Tx) => {
      await tx.query(`SET LOCAL statement_timeout = ${COUNT_TIMEOUT_MS}`);
      const result = await tx.query<DecisionSqlRow>(pageStatement(tenant, query, { limit: COUNT_LIMIT }));
      if (result.rows.length <= COUNT_LIMIT) return countMatches(result.rows.map(toDecisionRow));
      return { total: { kind: 'more', n: COUNT_LIMIT }, facets: null, histogram: null };
    });
  } catch (error) {
    // 57014: the count was given up, which says nothing about how many there are.
    if ((error as { code?: unknown }).code !== '57014') throw error;
    return { total: { kind: 'more', n: 0 }, facets: null, histogram: null };
  }
}

function rollupWhere(tenant: string, query: SearchQuery, except: Facet | null, params: unknown[]): string {
  const bind = (value: unknown) => `$${params.push(value)}`;
  const where = [`tenant = ${bind(tenant)}`];
  const { afterMs, beforeMs } = windowOf(query);
  if (afterMs !== undefined) where.push(`hour >= ${bind(new Date(afterMs))}`);
  if (beforeMs !== undefined) where.push(`hour < ${bind(new Date(beforeMs))}`);
  for (const facet of FACETS) {
    const values = facet === except ? [] : valuesOf(query, facet);
    if (values.length > 0) where.push(`${COLUMNS[facet]} = ANY(${bind(values)})`);
  }
  return where.join(' AND ');
}

async function fromRollups(tenant: string, query: SearchQuery): Promise<SearchSummary> {
  // Facets without a term of their own are all counted under the same conditions, in one pass.
  const plain = FACETS.filter((facet) => valuesOf(query, facet).length === 0);
  const [shared, histogram, ...own] = await Promise.all([
    countShared(tenant, query, plain),
    countOverTime(tenant, query),
    ...FACETS.filter((facet) => !plain.includes(facet)).map((facet) => countFacet(tenant, query, facet)),
  ]);
  const counted = new Map([...shared.facets, ...own]);
  return {
    total: { kind: 'exact', n: shared.total },
    facets: FACETS.map((facet) => facetOf(facet, counted.get(facet) ?? new Map())),
    histogram: histogramOf(histogram),
  };
}

type Counted = [Facet, Map<string, number>];

async function countShared(
  tenant: string,
  query: SearchQuery,
  facets: readonly Facet[],
): Promise<{ total: number; facets: Counted[] }> {
  const params: unknown[] = [];
  const where = rollupWhere(tenant, query, null, params);
  const columns = facets.map((facet) => COLUMNS[facet]);
  const sets = ['()', ...columns.map((column) => `(${column})`)].join(', ');
  const values = columns.length === 0 ? 'NULL' : `COALESCE(${columns.join(', ')})`;
  const which = columns.length === 0 ? '0' : `GROUPING(${columns.join(', ')})`;
  const result = await getPool().query<{ which: number; value: string | null; n: number }>(
    `SELECT ${which} AS which, ${values} AS value, COALESCE(sum(n), 0)::bigint AS n
     FROM rollups WHERE ${where} GROUP BY GROUPING SETS (${sets})`,
    params,
  );
  // GROUPING sets the bit of every column that is *not* in the set, the first column being the highest bit.
  const all = 2 ** columns.length - 1;
  const found: Counted[] = facets.map((facet) => [facet, new Map()]);
  let total = 0;
  for (const { which: bits, value, n } of result.rows) {
    if (bits === all) total = n;
    const index = columns.findIndex((_, at) => bits === all - 2 ** (columns.length - 1 - at));
    if (index >= 0 && value !== null) found[index]?.[1].set(value, n);
  }
  return { total, facets: found };
}

async function countFacet(tenant: string, query: SearchQuery, facet: Facet): Promise<Counted> {
  const params: unknown[] = [];
  const where = rollupWhere(tenant, query, facet, params);
  const result = await getPool().query<{ value: string; n: number }>(
    `SELECT ${COLUMNS[facet]} AS value, sum(n)::bigint AS n FROM rollups WHERE ${where} GROUP BY 1`,
    params,
  );
  return [facet, new Map(result.rows.map(({ value, n }) => [value, n]))];
}

async function countOverTime(tenant: string, query: SearchQuery): Promise<TimedCount[]> {
  const params: unknown[] = [];
  const where = rollupWhere(tenant, query, null, params);
  const result = await getPool().query<{ hour: Date; verdict: TimedCount['verdict']; n: number }>(
    `SELECT hour, verdict, sum(n)::bigint AS n FROM rollups WHERE ${where} GROUP BY 1, 2`,
    params,
  );
  return result.rows.map(({ hour, verdict, n }) => ({ atMs: hour.getTime(), verdict, n }));
}
