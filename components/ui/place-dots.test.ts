import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { median, placeDots, planScale } from './place-dots';

describe('planScale', () => {
  it('spreads a log axis by ratio', () => {
    const plan = planScale([100, 1000, 10_000], 'log');
    expect(plan?.place(1000)).toBeCloseTo(0.5);
  });

  it('falls back to linear rather than dropping a zero or a refund', () => {
    expect(planScale([0, 50, 100], 'log')).toMatchObject({ scale: 'linear', low: 0, high: 100 });
    expect(planScale([-5, 5], 'log')?.place(0)).toBeCloseTo(0.5);
  });

  it('puts equal values in the middle and has nothing to say without any', () => {
    expect(planScale([7, 7], 'linear')?.place(7)).toBe(0.5);
    expect(planScale([], 'log')).toBeNull();
  });
});

describe('placeDots', () => {
  it('draws every value exactly once', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 1, maxLength: 100 }),
        (values) => {
          const plan = planScale(values, 'log');
          const dots = placeDots(values, plan!.place, 40);
          expect(dots).toHaveLength(values.length);
          expect(new Set(dots.map((dot) => `${dot.x}/${dot.level}`)).size).toBe(values.length);
        },
      ),
    );
  });
});

describe('median', () => {
  it.each([
    [[3, 1, 2], 2],
    [[4, 1, 2, 3], 2.5],
    [[], null],
  ])('of %j is %s', (values, expected) => {
    expect(median(values)).toBe(expected);
  });
});
