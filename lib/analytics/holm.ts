/**
 * Probabilities adjusted for being asked together (Holm 1979): with them, a threshold of 0.01 is wrong at most once in a
 * hundred such families of tests, however many tests each has. In the order given.
 */
export function adjustByHolm(ps: readonly number[]): number[] {
  const order = ps.map((p, at) => ({ p, at })).sort((a, b) => a.p - b.p);
  const adjusted = new Array<number>(ps.length).fill(1);
  let least = 0;
  for (const [rank, { p, at }] of order.entries()) {
    least = Math.max(least, Math.min(1, p * (ps.length - rank)));
    adjusted[at] = least;
  }
  return adjusted;
}
