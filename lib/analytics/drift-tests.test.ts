import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { chiSquaredTail, chiSquaredTest } from './chi-squared';
import { adjustByHolm } from './holm';
import { kolmogorovSmirnov, LEAST_SAMPLE, mannWhitney } from './rank-tests';

describe('chi-squared', () => {
  // Critical values of the distribution's tables (NIST/SEMATECH e-Handbook, 1.3.6.7.4).
  test.each([
    [3.841, 1, 0.05],
    [6.635, 1, 0.01],
    [5.991, 2, 0.05],
    [7.815, 3, 0.05],
    [16.266, 3, 0.001],
    [124.342, 100, 0.05],
  ])('%d with %i degrees leaves %d', (x, degrees, p) => {
    expect(chiSquaredTail(x, degrees)).toBeCloseTo(p, 4);
  });

  it('finds the textbook value of a two by two table', () => {
    // Worked by hand: (ad − bc)² N over the product of the sums of rows and columns.
    const result = chiSquaredTest([20, 80], [40, 60]);
    expect(result?.statistic).toBeCloseTo(((20 * 60 - 80 * 40) ** 2 * 200) / (100 * 100 * 60 * 140), 9);
  });

  it('joins what is too rare, and says nothing when nothing is common', () => {
    expect(chiSquaredTest([100, 3, 2, 0], [100, 3, 4, 0])).not.toBeNull();
    expect(chiSquaredTest([3, 1], [2, 2])).toBeNull();
    expect(chiSquaredTest([100, 0], [100, 0])).toBeNull();
    expect(chiSquaredTest([], [1])).toBeNull();
  });
});

describe('ranks', () => {
  it('gives the published U', () => {
    // Two groups of 20 that do not overlap: U is 0, z = 200/√(20·20·41/12) less the continuity.
    const low = Array.from({ length: 20 }, (_, i) => i);
    const high = low.map((value) => value + 100);
    const result = mannWhitney(low, high);
    expect(result?.statistic).toBe(1);
    expect(result?.p).toBeLessThan(1e-7);
    expect(mannWhitney(high, low)?.statistic).toBe(0);
  });

  it('sees nothing in equal samples, ties included', () => {
    const values = Array.from({ length: 50 }, (_, i) => i % 7);
    expect(mannWhitney(values, values)?.p).toBeGreaterThan(0.95);
    expect(mannWhitney(values, values)?.statistic).toBeCloseTo(0.5, 9);
    expect(mannWhitney(Array(30).fill(4), Array(30).fill(4))).toBeNull();
  });

  it('measures the largest distance', () => {
    const result = kolmogorovSmirnov([50, 50, 0, 0], [0, 50, 50, 0]);
    expect(result?.statistic).toBeCloseTo(0.5, 12);
    expect(result?.p).toBeLessThan(1e-9);
    expect(kolmogorovSmirnov([10, 20, 30], [10, 20, 30])?.p).toBe(1);
    // λ = 1.358 is the 5 % point of Kolmogorov's distribution.
    const n = 1_000_000;
    const root = Math.sqrt(n / 2);
    const shift = Math.round((1.358 / (root + 0.12 + 0.11 / root)) * n);
    expect(kolmogorovSmirnov([shift, n - shift], [0, n])?.p).toBeCloseTo(0.05, 3);
  });

  it('says nothing of small samples', () => {
    const few = Array.from({ length: LEAST_SAMPLE - 1 }, (_, i) => i);
    expect(mannWhitney(few, [...few, 1])).toBeNull();
    expect(kolmogorovSmirnov([LEAST_SAMPLE - 1], [1_000])).toBeNull();
  });
});

test('Holm: the example of the paper, and never below the plain value', () => {
  expect(adjustByHolm([0.01, 0.04, 0.03, 0.005]).map((p) => Number(p.toFixed(4)))).toEqual([
    0.03, 0.06, 0.06, 0.02,
  ]);
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 20 }), (ps) => {
      for (const [at, p] of adjustByHolm(ps).entries()) {
        expect(p).toBeGreaterThanOrEqual(ps[at] ?? 1);
        expect(p).toBeLessThanOrEqual(1);
      }
    }),
  );
});
