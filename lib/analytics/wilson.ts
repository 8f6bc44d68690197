/** A share with how well it is known: `low` and `high` bound it with 95 % confidence. All between 0 and 1. */
export interface Rate {
  n: number;
  of: number;
  rate: number;
  low: number;
  high: number;
}

/** Two-sided 95 %: the 0.975 quantile of the normal distribution. */
const Z = 1.959963984540054;

/**
 * Wilson's score interval without continuity correction (Wilson 1927; Newcombe 1998, method 3), which stays within 0 and 1
 * and is honest for small and extreme shares. Of nothing nothing is known: 0 to 1.
 */
export function wilsonInterval(n: number, of: number): { low: number; high: number } {
  if (of <= 0) return { low: 0, high: 1 };
  const p = n / of;
  const z2 = Z * Z;
  const centre = p + z2 / (2 * of);
  const spread = Z * Math.sqrt((p * (1 - p)) / of + z2 / (4 * of * of));
  const scale = 1 + z2 / of;
  return { low: Math.max(0, (centre - spread) / scale), high: Math.min(1, (centre + spread) / scale) };
}

/** The share `n` of `of` with its interval. */
export function rateOf(n: number, of: number): Rate {
  return { n, of, rate: of > 0 ? n / of : 0, ...wilsonInterval(n, of) };
}

/** Whether two shares can be told apart: their intervals do not overlap. Careful rather than sharp. */
export function areDistinct(a: Rate, b: Rate): boolean {
  return a.low > b.high || b.low > a.high;
}
