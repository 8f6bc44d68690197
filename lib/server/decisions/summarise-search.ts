import {
  countFacets,
  countMatches,
  facetOf,
  histogramOf,
  type TimedCount,
} from '@/lib/decisions/count-matches';
import {
  DETAIL_FACETS,
  type DecisionRow,
  FACETS,
  type Facet,
  type SearchSummary,
} from '@/lib/decisions/decision-view';
import { parseSearchCursor } from '@/lib/decisions/search-cursor';
import { type SearchQuery, valuesOf, windowOf } from '@/lib/decisions/search-query';
import { getPool } from '../database/pool';
import { inTransaction } from '../database/transaction';
import { HOUR_MS, type RollupWindow, readRollupWindow, rollupSource } from './rollup-source';
import { searchDecisions } from './search-decisions';

const COLUMNS: Record<Facet, string> = {
  outcome: 'verdict',
  agent: 'agent',
  tool: 'tool',
  control: 'control',
  rule: 'rule',
  source: 'source',
};
/** Newest matches that are read to be counted where no rollup counts them. */
export const COUNT_LIMIT = 2_000;
/** Pages that are looked through for them, where matches are rare among what has to be compared. */
const COUNT_PAGES = 3;
const COUNT_TIMEOUT_MS = 2_000;

/** True when rollups count exactly this search: their own dimensions only, and whole hours. */
export function isCountedByRollups(query: SearchQuery): boolean {
  const { afterMs = 0, beforeMs = 0 } = windowOf(query);
  if (afterMs % HOUR_MS !== 0 || beforeMs % HOUR_MS !== 0) return false;
  return query.every(({ field }) => field === 'after' || field === 'before' || field in COLUMNS);
}

/**
 * How many match, by facet and over time. Exact from rollups where they count this very search; exact by reading when at
 * most 2,000 match; otherwise "more than" what was read, and facets of the newest that were read, which say so.
 * Rollups count what waits as well, whoever asks: totals over whole hours tell of no single case.
 */
export async function summariseSearch(
  tenant: string,
  query: SearchQuery,
  { withoutWaiting = false } = {},
): Promise<SearchSummary> {
  if (!isCountedByRollups(query)) {
    const read = await readNewest(tenant, query, withoutWaiting);
    return read === null ? NOT_COUNTED : countMatches(read.rows, { all: read.all });
  }
  const [counted, read] = await Promise.all([
    fromRollups(tenant, query),
    readNewest(tenant, query, withoutWaiting),
  ]);
  return {
    ...counted,
    details: read && {
      basis: { all: read.all, n: read.rows.length },
      facets: countFacets(DETAIL_FACETS, read.rows),
    },
  };
}

/** Says nothing about how many there are. */
const NOT_COUNTED: SearchSummary = {
  total: { kind: 'more', n: 0 },
  facets: null,
  histogram: null,
  basis: { all: false, n: 0 },
  details: null,
};

/** The newest matches, and whether they are all; null when the time for it was up. */
async function readNewest(
  tenant: string,
  query: SearchQuery,
  withoutWaiting: boolean,
): Promise<{ rows: DecisionRow[]; all: boolean } | null> {
  try {
    return await inTransaction(async (tx) => {
      await tx.query(`SET LOCAL statement_timeout = ${COUNT_TIMEOUT_MS}`);
      const rows: DecisionRow[] = [];
      let older: string | null = null;
      for (let page = 0; page < COUNT_PAGES && rows.length < COUNT_LIMIT; page++) {
        const cursor = older === null ? null : parseSearchCursor(older);
        const found = await searchDecisions(
          tenant,
          query,
          {
            limit: COUNT_LIMIT - rows.length,
            cursor: cursor?.ok ? cursor.value : undefined,
            withoutWaiting,
          },
          tx,
        );
        rows.push(...found.rows);
        older = found.older;
        if (older === null) break;
      }
      return { rows, all: older === null };
    });
  } catch (error) {
    // 57014: the count was given up.
    if ((error as { code?: unknown }).code !== '57014') throw error;
    return null;
  }
}

interface RollupScope {
  tenant: string;
  query: SearchQuery;
  window: RollupWindow;
}

/** `FROM … WHERE …` over the rollups of a search, leaving one facet's own terms out. */
function rollupFrom({ tenant, query, window }: RollupScope, except: Facet | null, params: unknown[]): string {
  const bind = (value: unknown) => `$${params.push(value)}`;
  const source = rollupSource(tenant, window, bind);
  const where = FACETS.flatMap((facet) => {
    const values = facet === except ? [] : valuesOf(query, facet);
    return values.length > 0 ? [`${COLUMNS[facet]} = ANY(${bind(values)})`] : [];
  });
  return `FROM ${source} r ${where.length > 0 ? `WHERE ${where.join(' AND ')}` : ''}`;
}

async function fromRollups(tenant: string, query: SearchQuery): Promise<SearchSummary> {
  const scope = { tenant, query, window: await readRollupWindow(tenant, query) };
  // Facets without a term of their own are all counted under the same conditions, in one pass.
  const plain = FACETS.filter((facet) => valuesOf(query, facet).length === 0);
  const [shared, histogram, ...own] = await Promise.all([
    countShared(scope, plain),
    countOverTime(scope),
    ...FACETS.filter((facet) => !plain.includes(facet)).map((facet) => countFacet(scope, facet)),
  ]);
  const counted = new Map([...shared.facets, ...own]);
  return {
    total: { kind: 'exact', n: shared.total },
    facets: FACETS.map((facet) => facetOf(facet, counted.get(facet) ?? new Map())),
    histogram: histogramOf(histogram, scope.window.grainMs),
    basis: { all: true, n: shared.total },
    details: null,
  };
}

type Counted = [Facet, Map<string, number>];

async function countShared(
  scope: RollupScope,
  facets: readonly Facet[],
): Promise<{ total: number; facets: Counted[] }> {
  const params: unknown[] = [];
  const from = rollupFrom(scope, null, params);
  const columns = facets.map((facet) => COLUMNS[facet]);
  const sets = ['()', ...columns.map((column) => `(${column})`)].join(', ');
  const values = columns.length === 0 ? 'NULL' : `COALESCE(${columns.join(', ')})`;
  const which = columns.length === 0 ? '0' : `GROUPING(${columns.join(', ')})`;
  const result = await getPool().query<{ which: number; value: string | null; n: number }>(
    `SELECT ${which} AS which, ${values} AS value, COALESCE(sum(n), 0)::bigint AS n ${from} GROUP BY GROUPING SETS (${sets})`,
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

async function countFacet(scope: RollupScope, facet: Facet): Promise<Counted> {
  const params: unknown[] = [];
  const from = rollupFrom(scope, facet, params);
  const result = await getPool().query<{ value: string; n: number }>(
    `SELECT ${COLUMNS[facet]} AS value, sum(n)::bigint AS n ${from} GROUP BY 1`,
    params,
  );
  return [facet, new Map(result.rows.map(({ value, n }) => [value, n]))];
}

async function countOverTime(scope: RollupScope): Promise<TimedCount[]> {
  const params: unknown[] = [];
  const from = rollupFrom(scope, null, params);
  const result = await getPool().query<{ at: Date; verdict: TimedCount['verdict']; n: number }>(
    `SELECT at, verdict, sum(n)::bigint AS n ${from} GROUP BY 1, 2`,
    params,
  );
  return result.rows.map(({ at, verdict, n }) => ({ atMs: at.getTime(), verdict, n }));
}
