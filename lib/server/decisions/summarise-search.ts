import { countFacets, countMatches, facetOf, histogramOf } from '@/lib/decisions/count-matches';
import { DETAIL_FACETS, type DecisionRow, FACETS, type SearchSummary } from '@/lib/decisions/decision-view';
import { parseSearchCursor } from '@/lib/decisions/search-cursor';
import { type SearchQuery, valuesOf, windowOf } from '@/lib/decisions/search-query';
import { inTransaction } from '../database/transaction';
import { DIMENSIONS, type Dimension } from '../records/rollup-dimensions';
import { type Count, readCounts } from './read-counts';
import { HOUR_MS, readRollupWindow } from './rollup-source';
import { searchDecisions } from './search-decisions';

/** Search fields that rollups count by. */
const COUNTED = new Set<string>([...FACETS, 'after', 'before']);
/** Newest matches that are read to be counted where no rollup counts them. */
export const COUNT_LIMIT = 2_000;
/** Pages that are looked through for them, where matches are rare among what has to be compared. */
const COUNT_PAGES = 3;
const COUNT_TIMEOUT_MS = 2_000;

/** True when rollups count exactly this search: their own dimensions only, and whole hours. */
export function isCountedByRollups(query: SearchQuery): boolean {
  const { afterMs = 0, beforeMs = 0 } = windowOf(query);
  if (afterMs % HOUR_MS !== 0 || beforeMs % HOUR_MS !== 0) return false;
  return query.every(({ field }) => COUNTED.has(field));
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

async function fromRollups(tenant: string, query: SearchQuery): Promise<SearchSummary> {
  const window = await readRollupWindow(tenant, query);
  const termed = DIMENSIONS.filter((dim) => valuesOf(query, dim).length > 0);
  const givenBut = (except: Dimension | null) =>
    Object.fromEntries(termed.filter((dim) => dim !== except).map((dim) => [dim, valuesOf(query, dim)]));
  // A facet leaves its own terms out; those without any are all counted under the same conditions.
  const plain = DIMENSIONS.filter((dim) => !termed.includes(dim));
  const [shared, ...own] = await Promise.all([
    readCounts({ tenant, window, given: givenBut(null), dims: ['', ...plain], timed: [''] }),
    ...termed.map((dim) => readCounts({ tenant, window, given: givenBut(dim), dims: [dim] })),
  ]);
  const outcomes = valuesOf(query, 'outcome');
  const isAsked = ({ verdict }: Count) => outcomes.length === 0 || outcomes.includes(verdict);
  const everyOutcome = shared.filter(({ dim }) => dim === '');
  const matching = everyOutcome.filter(isAsked);
  const values = [...shared, ...own.flat()].filter(isAsked);
  const n = matching.reduce((sum, count) => sum + count.n, 0);
  return {
    total: { kind: 'exact', n },
    facets: FACETS.map((facet) =>
      facet === 'outcome'
        ? facetOf(
            facet,
            sumBy(everyOutcome, ({ verdict }) => verdict),
          )
        : facetOf(
            facet,
            sumBy(values, ({ dim, value }) => (dim === facet ? value : '')),
          ),
    ),
    histogram: histogramOf(
      matching.map(({ atMs, verdict, n }) => ({ atMs: atMs ?? 0, verdict, n })),
      window.grainMs,
    ),
    basis: { all: true, n },
    details: null,
  };
}

function sumBy(counts: readonly Count[], nameOf: (count: Count) => string): Map<string, number> {
  const sums = new Map<string, number>();
  for (const count of counts) sums.set(nameOf(count), (sums.get(nameOf(count)) ?? 0) + count.n);
  return sums;
}
