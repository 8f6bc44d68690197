import { describe, expect, test } from 'vitest';
import { bucketWidthMs, facetOf, histogramOf } from './count-matches';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const start = Date.UTC(2026, 5, 1);

describe('histogram', () => {
  test('keeps empty buckets between full ones and loses no count', () => {
    const buckets = histogramOf([
      { atMs: start + 10 * 60_000, verdict: 'refuse', n: 2 },
      { atMs: start + 3 * HOUR, verdict: 'allow', n: 5 },
    ]);
    expect(buckets.map(({ refuse, allow }) => refuse + allow)).toEqual([2, 0, 0, 5]);
    expect(buckets[0]).toMatchObject({ from: '2026-06-01T00:00:00.000Z', to: '2026-06-01T01:00:00.000Z' });
  });
  test('is empty for nothing', () => expect(histogramOf([])).toEqual([]));
  test.each([
    [4 * DAY, HOUR],
    [4 * DAY + 1, DAY],
    [200 * DAY, DAY],
    [200 * DAY + 1, 7 * DAY],
  ])('a span of %i ms is cut into %i ms', (span, width) => expect(bucketWidthMs(span)).toBe(width));
});

test('facet values come by count, then by name, without the value that means "none"', () => {
  expect(
    facetOf(
      'control',
      new Map([
        ['', 9],
        ['b', 1],
        ['a', 1],
        ['c', 3],
      ]),
    ),
  ).toEqual({
    facet: 'control',
    values: [
      { value: 'c', n: 3 },
      { value: 'a', n: 1 },
      { value: 'b', n: 1 },
    ],
  });
});
