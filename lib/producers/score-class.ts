/**
 * Scores of guardrails are counted in classes, so that their distribution over any window is a sum of a few rows:
 *
 *   0 … 19     [0, 0.05), [0.05, 0.10) … [0.95, 1]        where nearly all scores lie
 *   20, 21 …   (1, 2), [2, 5), [5, 10), [10, 20) …        the 1-2-5 series above
 *   −1, −2 …   (−1, 0), (−2, −1], (−5, −2] …              and its mirror below
 *   NO_SCORE   the guardrail gave none
 */
export const NO_SCORE = -1_000;

const PARTS = 20;
/** Enough for the eighteen digits that a decimal may have. */
const DECADES = 19;
const STEPS: readonly number[] = Array.from({ length: DECADES }, (_, decade) =>
  [1, 2, 5].map((first) => first * 10 ** decade),
).flat();

/** The class of a score as records write it, a decimal string. */
export function scoreClassOf(score: string | undefined): number {
  if (score === undefined) return NO_SCORE;
  const value = Number(score);
  if (!Number.isFinite(value)) return NO_SCORE;
  // The small addend keeps 0.15 in the class that begins there, whatever a float makes of 0.15 × 20.
  if (value >= 0 && value <= 1) return Math.min(PARTS - 1, Math.floor(value * PARTS + 1e-9));
  const step = STEPS.findLastIndex((bound) => bound <= Math.abs(value));
  return value > 0 ? PARTS + Math.max(0, step) : -2 - step;
}

/** Lower and upper bound of a class; null for `NO_SCORE`. */
export function boundsOfClass(scoreClass: number): { low: number; high: number } | null {
  if (scoreClass === NO_SCORE) return null;
  if (scoreClass >= 0 && scoreClass < PARTS)
    return { low: scoreClass / PARTS, high: (scoreClass + 1) / PARTS };
  const step = scoreClass >= PARTS ? scoreClass - PARTS : -2 - scoreClass;
  const near = step < 0 ? 0 : (STEPS[step] ?? Number.POSITIVE_INFINITY);
  const far = STEPS[step + 1] ?? Number.POSITIVE_INFINITY;
  return scoreClass >= PARTS ? { low: near, high: far } : { low: -far, high: -near };
}
