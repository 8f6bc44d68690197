import fc from 'fast-check';
import { expect, test } from 'vitest';
import { areDistinct, rateOf, wilsonInterval } from './wilson';

// Newcombe (1998), "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17, table I, method 3.
test.each([
  [81, 263, 0.2553, 0.3662],
  [15, 148, 0.0624, 0.1605],
  [0, 20, 0, 0.1611],
  [1, 29, 0.0061, 0.1718],
])('%i of %i as published', (n, of, low, high) => {
  const interval = wilsonInterval(n, of);
  expect(interval.low).toBeCloseTo(low, 4);
  expect(interval.high).toBeCloseTo(high, 4);
});

test('20 of 20 has the lower bound 0.84 that the product page warns with', () => {
  expect(wilsonInterval(20, 20).low).toBeCloseTo(0.84, 2);
});

test('of nothing nothing is known', () => {
  expect(rateOf(0, 0)).toEqual({ n: 0, of: 0, rate: 0, low: 0, high: 1 });
});

test('the interval holds the share, lies within 0 and 1, and mirrors', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1_000_000 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (of, share) => {
        const n = Math.round(of * share);
        const { low, high, rate } = rateOf(n, of);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThanOrEqual(rate + 1e-12);
        expect(high).toBeGreaterThanOrEqual(rate - 1e-12);
        const mirrored = wilsonInterval(of - n, of);
        expect(mirrored.low).toBeCloseTo(1 - high, 9);
      },
    ),
  );
});

test('two shares are told apart only when their intervals do not touch', () => {
  expect(areDistinct(rateOf(19, 20), rateOf(18, 20))).toBe(false);
  expect(areDistinct(rateOf(900, 1000), rateOf(500, 1000))).toBe(true);
});
