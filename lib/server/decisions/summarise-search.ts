import { countDetailFacets, countMatches, facetOf, histogramOf } from '@/lib/decisions/count-matches';
import { FACETS, type SearchSummary } from '@/lib/decisions/decision-view';
import { parseSearchCursor, type SearchCursor } from '@/lib/decisions/search-cursor';
import { type SearchQuery, valuesOf, windowOf } from '@/lib/decisions/search-query';
import { inTransaction, type Tx } from '../database/transaction';
import { DIMENSIONS, type Dimension } from '../records/rollup-dimensions';
import { countDetails } from './count-details';
import { type Count, readCounts } from './read-counts';
import { HOUR_MS, readRollupWindow } from './rollup-source';
import { searchDecisions } from './search-decisions';

/** Search fields that rollups count by. */
const COUNTED = new Set<string>([...FACETS, 'after', 'before']);
/** Newest matches that are read to be counted where no rollup counts them. */
export const COUNT_LIMIT = 2_000;
/** The same where rollups count them, and only the kinds that rollups do not know are counted by reading. */
export const DETAIL_LIMIT = 1_000;
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
    return read === null ? NOT_COUNTED : countMatches(read.found.flat(), { all: read.all });
  }
  const [counted, read] = await Promise.all([
    fromRollups(tenant, query),
    countNewest(tenant, query, withoutWaiting),
  ]);
  return {
    ...counted,
    details: read && {
      basis: { all: read.all, n: read.n },
      facets: countDetailFacets(read.found.flat()),
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

const readNewest = (tenant: string, query: SearchQuery, withoutWaiting: boolean) =>
  inNewest(COUNT_LIMIT, async (limit, cursor, tx) => {
    const { rows, older } = await searchDecisions(tenant, query, { limit, cursor, withoutWaiting }, tx);
    const next = older === null ? null : parseSearchCursor(older);
    return { found: rows, n: rows.length, next: next?.ok ? next.value : null, all: older === null };
  });

const countNewest = (tenant: string, query: SearchQuery, withoutWaiting: boolean) =>
  inNewest(DETAIL_LIMIT, async (limit, cursor, tx) => {
    const { counts, more, to } = await countDetails(tenant, query, { limit, cursor, withoutWaiting }, tx);
    const n = counts.reduce((sum, count) => sum + count.n, 0);
    return { found: counts, n, next: to, all: !more && to === null };
  });

interface Taken<T> {
  found: T;
  /** Matches in it. */
  n: number;
  /** Where to look on, if it is less than asked for. */
  next: SearchCursor | null;
  all: boolean;
}

/** The newest `most` matches, taken page by page, and whether they are all; null when the time for it was up. */
async function inNewest<T>(
  most: number,
  take: (limit: number, cursor: SearchCursor | undefined, tx: Tx) => Promise<Taken<T>>,
): Promise<{ found: T[]; n: number; all: boolean } | null> {
  try {
    return await inTransaction(async (tx) => {
      await tx.query(`SET LOCAL statement_timeout = ${COUNT_TIMEOUT_MS}`);
      const found: T[] = [];
      let n = 0;
      let cursor: SearchCursor | undefined;
      for (let page = 0; page < COUNT_PAGES && n < most; page++) {
        const taken = await take(most - n, cursor, tx);
        found.push(taken.found);
        n += taken.n;
        if (taken.all) return { found, n, all: true };
        cursor = taken.next ?? undefined;
      }
      return { found, n, all: false };
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
