/** A test's answer: the statistic, and how likely one at least as large is when nothing has changed. */
export interface TestResult {
  statistic: number;
  p: number;
}

/** Cells that must be expected at least this often for the approximation to hold (Cochran 1954). */
const LEAST_EXPECTED = 5;

/**
 * Pearson's chi-squared test that two windows have the same mix: `before[i]` and `after[i]` count the same thing. Kinds
 * that are too rare on their own are tested together, the rarest first. Null when no two kinds are common enough.
 */
export function chiSquaredTest(before: readonly number[], after: readonly number[]): TestResult | null {
  const sum = (counts: readonly number[]) => counts.reduce((total, n) => total + n, 0);
  const [nBefore, nAfter] = [sum(before), sum(after)];
  const all = nBefore + nAfter;
  if (nBefore === 0 || nAfter === 0) return null;
  const rareSide = Math.min(nBefore, nAfter);
  const cells = before
    .map((n, kind) => ({ before: n, after: after[kind] ?? 0 }))
    .filter((cell) => cell.before + cell.after > 0)
    .sort((a, b) => a.before + a.after - (b.before + b.after));
  const isRare = (cell: { before: number; after: number }) =>
    ((cell.before + cell.after) * rareSide) / all < LEAST_EXPECTED;
  while (cells.length > 1 && cells.some(isRare)) {
    const [first, second] = cells.splice(0, 2) as [(typeof cells)[0], (typeof cells)[0]];
    cells.push({ before: first.before + second.before, after: first.after + second.after });
    cells.sort((a, b) => a.before + a.after - (b.before + b.after));
  }
  if (cells.length < 2) return null;
  let statistic = 0;
  for (const cell of cells) {
    const total = cell.before + cell.after;
    const expected = [(total * nBefore) / all, (total * nAfter) / all] as const;
    statistic +=
      (cell.before - expected[0]) ** 2 / expected[0] + (cell.after - expected[1]) ** 2 / expected[1];
  }
  return { statistic, p: chiSquaredTail(statistic, cells.length - 1) };
}

/** P(X ≥ x) of the chi-squared distribution with `degrees` degrees of freedom. */
export function chiSquaredTail(x: number, degrees: number): number {
  return x <= 0 ? 1 : upperGamma(degrees / 2, x / 2);
}

/** The regularised upper incomplete gamma function Q(a, x) (Press et al., Numerical Recipes §6.2). */
function upperGamma(a: number, x: number): number {
  const scale = Math.exp(-x + a * Math.log(x) - logGamma(a));
  if (x < a + 1) {
    let term = 1 / a;
    let series = term;
    for (let n = 1; n < 1_000 && Math.abs(term) > Math.abs(series) * 1e-15; n++) {
      term *= x / (a + n);
      series += term;
    }
    return Math.max(0, 1 - series * scale);
  }
  let b = x + 1 - a;
  let c = 1e300;
  let d = 1 / b;
  let fraction = d;
  for (let n = 1; n < 1_000; n++) {
    const an = -n * (n - a);
    b += 2;
    d = 1 / (an * d + b || 1e-300);
    c = b + an / c || 1e-300;
    const factor = c * d;
    fraction *= factor;
    if (Math.abs(factor - 1) < 1e-15) break;
  }
  return Math.min(1, fraction * scale);
}

/** Lanczos's coefficients for g = 5, to the digits that a double holds. */
const LANCZOS = [
  76.18009172947146, -86.50532032941678, 24.01409824083091, -1.231739572450155, 0.001208650973866179,
  -5.395239384953e-6,
];

/** ln Γ(a) for a > 0 (Lanczos). */
function logGamma(a: number): number {
  const t = a + 5.5;
  const series = LANCZOS.reduce((sum, coefficient, n) => sum + coefficient / (a + n + 1), 1.000000000190015);
  return (a + 0.5) * Math.log(t) - t + Math.log((2.5066282746310007 * series) / a);
}
