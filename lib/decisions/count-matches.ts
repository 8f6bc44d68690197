import {
  type DecisionRow,
  FACETS,
  type Facet,
  type HistogramBucket,
  type SearchSummary,
} from './decision-view';

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

/** Counts by time, without holes: an empty bucket is shown as empty. Buckets start at multiples of their width (UTC). */
export function histogramOf(counts: readonly TimedCount[]): HistogramBucket[] {
  if (counts.length === 0) return [];
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (const { atMs } of counts) {
    from = Math.min(from, atMs);
    to = Math.max(to, atMs);
  }
  const width = bucketWidthMs(to - from);
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
export function facetOf(facet: Facet, counts: ReadonlyMap<string, number>) {
  const values = [...counts]
    .filter(([value]) => value !== '')
    .map(([value, n]) => ({ value, n }))
    .sort((a, b) => b.n - a.n || (a.value < b.value ? -1 : 1));
  return { facet, values };
}

const VALUE: Record<Facet, (row: DecisionRow) => string | null> = {
  outcome: (row) => row.verdict,
  agent: (row) => row.agent,
  tool: (row) => row.tool,
  control: (row) => row.control,
  rule: (row) => row.rule,
  source: (row) => row.source,
};

/** Counts over all matches at once, for a search small enough to have been read whole. */
export function countMatches(rows: readonly DecisionRow[]): SearchSummary {
  const facets = FACETS.map((facet) => {
    const counts = new Map<string, number>();
    for (const row of rows) {
      const value = VALUE[facet](row) ?? '';
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    return facetOf(facet, counts);
  });
  const histogram = histogramOf(
    rows.map(({ occurredAt, verdict }) => ({ atMs: Date.parse(occurredAt), verdict, n: 1 })),
  );
  return { total: { kind: 'exact', n: rows.length }, facets, histogram };
}
