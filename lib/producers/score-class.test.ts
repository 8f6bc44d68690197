import fc from 'fast-check';
import { expect, test } from 'vitest';
import { boundsOfClass, NO_SCORE, scoreClassOf } from './score-class';

test.each([
  ['0', 0],
  ['0.0499', 0],
  ['0.05', 1],
  ['0.15', 3],
  ['0.7', 14],
  ['0.95', 19],
  ['1', 19],
  ['1.0001', 20],
  ['2', 21],
  ['4.9999', 21],
  ['5', 22],
  ['10', 23],
  ['400000000000000000', 20 + 52],
  ['-0.5', -1],
  ['-1', -2],
  ['-7', -4],
  [undefined, NO_SCORE],
])('%s falls into class %i', (score, scoreClass) => {
  expect(scoreClassOf(score)).toBe(scoreClass);
});

test('every score lies within the bounds of its class, and classes are in order of their scores', () => {
  const decimals = fc
    .tuple(fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }), fc.integer({ min: 0, max: 9_999 }))
    .map(([whole, part]) => `${whole}.${String(part).padStart(4, '0')}`);
  fc.assert(
    fc.property(decimals, decimals, (a, b) => {
      const bounds = boundsOfClass(scoreClassOf(a));
      expect(bounds).not.toBeNull();
      expect(Number(a)).toBeGreaterThanOrEqual(bounds?.low ?? Number.NaN);
      expect(Number(a)).toBeLessThanOrEqual(bounds?.high ?? Number.NaN);
      if (Number(a) < Number(b)) expect(scoreClassOf(a)).toBeLessThanOrEqual(scoreClassOf(b));
    }),
  );
});
