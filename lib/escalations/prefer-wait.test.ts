import { expect, it } from 'vitest';
import { parsePreferredWait } from '@/lib/escalations/prefer-wait';

it.each([
  ['wait=30', 30_000],
  ['respond-async, wait=5', 5_000],
  ['Wait="7"; x=1', 7_000],
  [null, 0],
  ['respond-async', 0],
  ['wait=-1', 0],
  ['wait=1e9', 0],
  ['wait=99999999999999999999', 0],
  ['wait', 0],
])('%j → %i ms', (header, waitMs) => {
  expect(parsePreferredWait(header)).toBe(waitMs);
});
