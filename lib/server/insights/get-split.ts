import type { InsightsSplit, SplitDimension } from '@/lib/analytics/insights-split';
import type { OutcomeCounts } from '@/lib/analytics/insights-view';
import { nowMs as clockNowMs } from '../clock';
import { readCounts } from '../decisions/read-counts';
import { wholeDays } from '../decisions/rollup-source';

const DAY_MS = 86_400_000;
const SHOWN = 12;

export interface SplitRequest {
  dimension: SplitDimension;
  days: number;
  agent?: string | undefined;
  source?: string | undefined;
}

type Counts = OutcomeCounts & { of: number };
const none = (): Counts => ({ allow: 0, refuse: 0, escalate: 0, defer: 0, of: 0 });

const isoDay = (ms: number) => new Date(ms).toISOString().slice(0, 10);

/**
 * The decisions of whole UTC days up to today by one dimension, from rollups. `tenants` are those that the viewer may see
 * insights of; only the dimension `tenant` looks at more than the first of them.
 */
export async function getSplit(
  tenants: readonly { id: string; name: string }[],
  { dimension, days, agent, source }: SplitRequest,
  { nowMs = clockNowMs() } = {},
): Promise<InsightsSplit> {
  const today = Math.floor(nowMs / DAY_MS) * DAY_MS;
  const from = today - (days - 1) * DAY_MS;
  const asked = dimension === 'tenant' ? tenants : tenants.slice(0, 1);
  const window = wholeDays(from, today + DAY_MS);
  const given = {
    ...(agent === undefined ? {} : { agent: [agent] }),
    ...(source === undefined ? {} : { source: [source] }),
  };
  const dim = dimension === 'tenant' ? '' : dimension;
  const counted = await Promise.all(
    asked.map(async ({ id }) => {
      const counts = await readCounts({ tenant: id, window, given, dims: [dim], timed: [dim] });
      return counts.map(({ atMs, verdict, value, n }) => ({
        name: dimension === 'tenant' ? id : value,
        day: isoDay(atMs ?? 0),
        verdict,
        n,
      }));
    }),
  );
  const rows = counted.flat();
  const ofAll = dimension === 'control' || dimension === 'rule';
  const perDay = new Map<string, number>();
  for (const { day, n } of rows) perDay.set(day, (perDay.get(day) ?? 0) + n);
  const names = new Map<string, Map<string, Counts>>();
  for (const { name, day, verdict, n } of rows) {
    if (name === '' || (ofAll && verdict === 'allow')) continue;
    const byDay = names.get(name) ?? new Map<string, Counts>();
    names.set(name, byDay);
    const counts = byDay.get(day) ?? none();
    byDay.set(day, counts);
    counts[verdict] += n;
    counts.of += n;
  }
  const dayNames = Array.from({ length: days }, (_, i) => isoDay(from + i * DAY_MS));
  const values = [...names].map(([name, byDay]) => {
    const series = dayNames.map((day) => {
      const counts = byDay.get(day) ?? none();
      // What it let pass is everything else of that day: the denominator of a control is every decision.
      const of = ofAll ? (perDay.get(day) ?? 0) : counts.of;
      return { day, ...counts, allow: ofAll ? of - counts.of : counts.allow, of };
    });
    const totals = series.reduce((sum, { day: _, ...counts }) => addAll(sum, counts), none());
    return { name, label: tenants.find(({ id }) => id === name)?.name ?? name, totals, days: series };
  });
  const spoken = ({ totals }: (typeof values)[number]) => (ofAll ? totals.of - totals.allow : totals.of);
  values.sort((a, b) => spoken(b) - spoken(a) || (a.name < b.name ? -1 : 1));
  return {
    dimension,
    from: dayNames[0] ?? '',
    to: dayNames.at(-1) ?? '',
    values: values.slice(0, SHOWN),
    more: Math.max(0, values.length - SHOWN),
  };
}

function addAll(a: Counts, b: Counts): Counts {
  return {
    allow: a.allow + b.allow,
    refuse: a.refuse + b.refuse,
    escalate: a.escalate + b.escalate,
    defer: a.defer + b.defer,
    of: a.of + b.of,
  };
}
