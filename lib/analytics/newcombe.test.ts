import fc from 'fast-check';
import { expect, test } from 'vitest';
import { differenceOf, isDifferent } from './newcombe';
import { rateOf } from './wilson';

// Newcombe (1998), table II, method 10.
test.each([
  [56, 70, 48, 80, 0.0524, 0.3339],
  [9, 10, 3, 10, 0.1705, 0.809],
  [6, 7, 2, 7, 0.0582, 0.8062],
  [5, 56, 0, 29, -0.0381, 0.1926],
  [0, 10, 0, 20, -0.1611, 0.2775],
  [0, 10, 0, 10, -0.2775, 0.2775],
  [10, 10, 0, 20, 0.6791, 1],
  [10, 10, 0, 10, 0.6075, 1],
])('%i of %i less %i of %i as published', (a, m, b, n, low, high) => {
  const interval = differenceOf(rateOf(b, n), rateOf(a, m));
  expect(interval.low).toBeCloseTo(low, 4);
  expect(interval.high).toBeCloseTo(high, 4);
});

test('of nothing nothing is known', () => {
  expect(differenceOf(rateOf(0, 0), rateOf(5, 10))).toEqual({ difference: 0, low: -1, high: 1 });
  expect(isDifferent(differenceOf(rateOf(0, 0), rateOf(5, 10)))).toBe(false);
});

test('it holds the difference, and turns with the sides', () => {
  const rates = fc
    .tuple(fc.integer({ min: 1, max: 100_000 }), fc.double({ min: 0, max: 1, noNaN: true }))
    .map(([of, share]) => rateOf(Math.round(of * share), of));
  fc.assert(
    fc.property(rates, rates, (a, b) => {
      const there = differenceOf(a, b);
      expect(there.low).toBeLessThanOrEqual(there.difference + 1e-12);
      expect(there.high).toBeGreaterThanOrEqual(there.difference - 1e-12);
      expect(differenceOf(b, a).low).toBeCloseTo(-there.high, 12);
    }),
  );
});
