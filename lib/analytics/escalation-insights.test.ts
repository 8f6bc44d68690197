import { expect, test } from 'vitest';
import { overFires } from './escalation-insights';

test.each([
  [19, 0, false],
  [35, 0, true],
  [34, 0, false],
  [100, 3, true],
  [100, 6, false],
  [0, 100, false],
])('%i approved and %i denied over-fires: %s', (approved, denied, expected) => {
  expect(overFires({ approved, denied })).toBe(expected);
});
