import type { TestResult } from './chi-squared';

/** Fewer on one side say too little for the approximations below. */
export const LEAST_SAMPLE = 20;

/**
 * The two-sample Kolmogorov–Smirnov test over counts by class, in the order of the classes: the largest distance between
 * the two cumulative distributions, with its asymptotic probability (Smirnov 1948; Numerical Recipes §14.3). Classes hide
 * differences within them, so that the probability is rather too large than too small. Null for small samples.
 */
export function kolmogorovSmirnov(before: readonly number[], after: readonly number[]): TestResult | null {
  const nBefore = before.reduce((sum, n) => sum + n, 0);
  const nAfter = after.reduce((sum, n) => sum + n, 0);
  if (Math.min(nBefore, nAfter) < LEAST_SAMPLE) return null;
  let [a, b, distance] = [0, 0, 0];
  for (let at = 0; at < Math.max(before.length, after.length); at++) {
    a += (before[at] ?? 0) / nBefore;
    b += (after[at] ?? 0) / nAfter;
    distance = Math.max(distance, Math.abs(a - b));
  }
  const root = Math.sqrt((nBefore * nAfter) / (nBefore + nAfter));
  return { statistic: distance, p: kolmogorovTail((root + 0.12 + 0.11 / root) * distance) };
}

/** Q(λ) = 2 Σ (−1)^(j−1) exp(−2 j² λ²). */
function kolmogorovTail(lambda: number): number {
  if (lambda < 0.2) return 1;
  let sum = 0;
  for (let j = 1; j <= 100; j++) {
    const term = 2 * (-1) ** (j - 1) * Math.exp(-2 * j * j * lambda * lambda);
    sum += term;
    if (Math.abs(term) < 1e-12) break;
  }
  return Math.min(1, Math.max(0, sum));
}

/**
 * The two-sided Mann–Whitney U test by the normal approximation, corrected for ties and continuity (Mann and Whitney
 * 1947): whether values of one window tend to be larger than those of the other. `statistic` is the share of pairs in
 * which the later value is larger, a tie counting half. Null for small samples, and when all values are equal.
 */
export function mannWhitney(before: readonly number[], after: readonly number[]): TestResult | null {
  const [n, m] = [before.length, after.length];
  if (Math.min(n, m) < LEAST_SAMPLE) return null;
  const all = [
    ...before.map((value) => ({ value, later: false })),
    ...after.map((value) => ({ value, later: true })),
  ].sort((a, b) => a.value - b.value);
  let ranks = 0;
  let ties = 0;
  for (let from = 0; from < all.length; ) {
    let to = from;
    while (to < all.length && all[to]?.value === all[from]?.value) to++;
    const count = to - from;
    const later = all.slice(from, to).filter((each) => each.later).length;
    ranks += later * (from + (count + 1) / 2);
    ties += count ** 3 - count;
    from = to;
  }
  const u = ranks - (m * (m + 1)) / 2;
  const total = n + m;
  const variance = ((n * m) / 12) * (total + 1 - ties / (total * (total - 1)));
  if (variance <= 0) return null;
  const distance = Math.max(0, Math.abs(u - (n * m) / 2) - 0.5);
  return { statistic: u / (n * m), p: normalTail(distance / Math.sqrt(variance)) };
}

/** Two-sided P(|Z| ≥ z) of the standard normal distribution (complementary error function, Numerical Recipes §6.2). */
function normalTail(z: number): number {
  const x = z / Math.SQRT2;
  const t = 1 / (1 + 0.5 * x);
  const series = [
    -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587,
    -0.82215223, 0.17087277,
  ].reduceRight((sum, coefficient) => sum * t + coefficient, 0);
  return Math.min(1, t * Math.exp(-x * x + series));
}
