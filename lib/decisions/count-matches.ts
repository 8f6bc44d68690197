import {
  DETAIL_FACETS,
  type DecisionRow,
  type DetailFacet,
  FACETS,
  type Facet,
  type FacetCounts,
  type HistogramBucket,
  type SearchSummary,
} from './decision-view';
import { formatVersioned } from './search-names';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Width of the histogram's buckets for a span of time: hours up to 4 days, days up to 200, then weeks (of 7 days UTC). */
export function bucketWidthMs(spanMs: number): number {
  if (spanMs <= 4 * DAY_MS) return HOUR_MS;
  return spanMs <= 200 * DAY_MS ? DAY_MS : 7 * DAY_MS;
}

export interface TimedCount {
  atMs: number;
  verdict: 'allow' | 'refuse' | 'escalate' | 'defer';
  n: number;
}

/**
 * Counts by time, without holes: an empty bucket is shown as empty. Buckets start at multiples of their width (UTC).
 * @param grainMs what the counts themselves are rounded down to, and no bucket is narrower than
 */
export function histogramOf(counts: readonly TimedCount[], grainMs = HOUR_MS): HistogramBucket[] {
  if (counts.length === 0) return [];
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (const { atMs } of counts) {
    from = Math.min(from, atMs);
    to = Math.max(to, atMs);
  }
  const width = Math.max(bucketWidthMs(to - from), grainMs);
  const start = Math.floor(from / width) * width;
  const buckets: HistogramBucket[] = [];
  for (let at = start; at <= to; at += width) {
    buckets.push({
      from: new Date(at).toISOString(),
      to: new Date(at + width).toISOString(),
      allow: 0,
      refuse: 0,
      escalate: 0,
      defer: 0,
    });
  }
  for (const { atMs, verdict, n } of counts) {
    const bucket = buckets[Math.floor((atMs - start) / width)];
    if (bucket) bucket[verdict] += n;
  }
  return buckets;
}

/** Facet values sorted by count, then by name. */
export function facetOf(facet: FacetCounts['facet'], counts: ReadonlyMap<string, number>): FacetCounts {
  const values = [...counts]
    .filter(([value]) => value !== '')
    .map(([value, n]) => ({ value, n }))
    .sort((a, b) => b.n - a.n || (a.value < b.value ? -1 : 1));
  return { facet, values };
}

const one = (value: string | null) => (value === null ? [] : [value]);
const versioned = (name: string | null, version: string | null) =>
  name === null ? [] : [formatVersioned(name, version)];

type DetailRow = Pick<
  DecisionRow,
  'tier' | 'model' | 'modelVersion' | 'prompt' | 'promptVersion' | 'policyId' | 'policyVersion' | 'guardrails'
>;
/** `n` matches of which all this is the same. */
export type DetailCount = DetailRow & { n: number };

/** The search's own terms: choosing a value of a facet searches for exactly what was counted. */
const VALUES: Record<Facet, (row: DecisionRow) => readonly string[]> = {
  outcome: (row) => [row.verdict],
  agent: (row) => [row.agent],
  tool: (row) => [row.tool],
  control: (row) => one(row.control),
  rule: (row) => one(row.rule),
  source: (row) => [row.source],
};
const DETAIL_VALUES: Record<DetailFacet, (row: DetailRow) => readonly string[]> = {
  tier: (row) => [row.tier],
  model: (row) => versioned(row.model, row.modelVersion),
  prompt: (row) => versioned(row.prompt, row.promptVersion),
  policy: (row) => versioned(row.policyId, row.policyVersion),
  guardrail: (row) => row.guardrails.filter((line) => !line.endsWith('=pass')),
};

/** Counts of matches by what they have no rollup of. */
export function countDetailFacets(counts: readonly DetailCount[]): FacetCounts[] {
  return DETAIL_FACETS.map((facet) => countFacet(facet, counts, DETAIL_VALUES[facet], ({ n }) => n));
}

function countFacet<T>(
  facet: FacetCounts['facet'],
  rows: readonly T[],
  valuesOf: (row: T) => readonly string[],
  timesOf: (row: T) => number = () => 1,
): FacetCounts {
  const counts = new Map<string, number>();
  for (const row of rows)
    for (const value of valuesOf(row)) counts.set(value, (counts.get(value) ?? 0) + timesOf(row));
  return facetOf(facet, counts);
}

/** Everything that is counted over rows that were read: all matches, or the newest of them. */
export function countMatches(rows: readonly DecisionRow[], { all }: { all: boolean }): SearchSummary {
  const basis = { all, n: rows.length };
  return {
    total: { kind: all ? 'exact' : 'more', n: rows.length },
    facets: FACETS.map((facet) => countFacet(facet, rows, VALUES[facet])),
    histogram: histogramOf(
      rows.map(({ occurredAt, verdict }) => ({ atMs: Date.parse(occurredAt), verdict, n: 1 })),
    ),
    basis,
    details: {
      basis,
      facets: DETAIL_FACETS.map((facet) => countFacet(facet, rows, DETAIL_VALUES[facet])),
    },
  };
}
