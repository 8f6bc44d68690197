import type { Rate } from './wilson';

/** A difference of two shares, after less before, with the bounds that hold it with 95 % confidence; between −1 and 1. */
export interface RateDifference {
  difference: number;
  low: number;
  high: number;
}

/**
 * Newcombe's hybrid score interval for the difference of two independent shares (Newcombe 1998, "Interval estimation for
 * the difference between independent proportions", Statistics in Medicine 17, method 10): the two Wilson intervals,
 * joined. Of nothing on one side nothing is known: −1 to 1.
 */
export function differenceOf(before: Rate, after: Rate): RateDifference {
  if (before.of === 0 || after.of === 0) return { difference: 0, low: -1, high: 1 };
  const difference = after.rate - before.rate;
  return {
    difference,
    low: difference - Math.hypot(after.rate - after.low, before.high - before.rate),
    high: difference + Math.hypot(after.high - after.rate, before.rate - before.low),
  };
}

/** True when the interval leaves out "no difference". */
export function isDifferent({ low, high }: RateDifference): boolean {
  return low > 0 || high < 0;
}
