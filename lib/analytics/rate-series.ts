import type { OutcomeCounts } from './insights-view';
import { type Rate, rateOf } from './wilson';

export const SHOWN_OUTCOMES = ['escalate', 'refuse', 'defer'] as const;
export type ShownOutcome = (typeof SHOWN_OUTCOMES)[number];

export interface RatePoint {
  day: string;
  of: number;
  escalate: Rate;
  refuse: Rate;
  defer: Rate;
}

/**
 * The share of each outcome over the last `windowDays` days up to and including each day, pooled: all of these days'
 * decisions together, so that a quiet day does not weigh as much as a busy one.
 */
export function rateSeries(
  days: readonly (OutcomeCounts & { day: string; of: number })[],
  windowDays: number,
): RatePoint[] {
  return days.map(({ day }, at) => {
    const span = days.slice(Math.max(0, at - windowDays + 1), at + 1);
    const sum = (pick: (counts: (typeof span)[number]) => number) =>
      span.reduce((n, counts) => n + pick(counts), 0);
    const of = sum((counts) => counts.of);
    return {
      day,
      of,
      escalate: rateOf(
        sum((counts) => counts.escalate),
        of,
      ),
      refuse: rateOf(
        sum((counts) => counts.refuse),
        of,
      ),
      defer: rateOf(
        sum((counts) => counts.defer),
        of,
      ),
    };
  });
}

export interface Shift {
  before: Rate;
  after: Rate;
}

/** The pooled share in the `spanDays` days before a day and in those from it on; null when either side has no decision. */
export function shiftAround(
  days: readonly (OutcomeCounts & { day: string; of: number })[],
  day: string,
  outcome: ShownOutcome,
  spanDays: number,
): Shift | null {
  const at = days.findIndex((each) => each.day >= day);
  if (at < 0) return null;
  const pooled = (span: typeof days) =>
    rateOf(
      span.reduce((n, counts) => n + counts[outcome], 0),
      span.reduce((n, counts) => n + counts.of, 0),
    );
  const before = pooled(days.slice(Math.max(0, at - spanDays), at));
  const after = pooled(days.slice(at, at + spanDays));
  return before.of === 0 || after.of === 0 ? null : { before, after };
}
