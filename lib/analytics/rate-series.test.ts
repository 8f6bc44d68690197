import { expect, test } from 'vitest';
import { rateSeries, shiftAround } from './rate-series';

const day = (date: string, refuse: number, of: number) => ({
  day: date,
  allow: of - refuse,
  refuse,
  escalate: 0,
  defer: 0,
  of,
});
const days = [
  day('2026-06-01', 1, 10),
  day('2026-06-02', 0, 0),
  day('2026-06-03', 50, 100),
  day('2026-06-04', 50, 100),
];

test('days are pooled: a busy day weighs as much as its decisions', () => {
  const series = rateSeries(days, 3);
  expect(series.map(({ refuse }) => [refuse.n, refuse.of])).toEqual([
    [1, 10],
    [1, 10],
    [51, 110],
    [100, 200],
  ]);
});

test('a day without decisions says so instead of zero', () => {
  expect(rateSeries(days, 1)[1]?.refuse).toMatchObject({ of: 0, low: 0, high: 1 });
});

test('before and after a change are pooled over the same span', () => {
  expect(shiftAround(days, '2026-06-03', 'refuse', 2)).toMatchObject({
    before: { n: 1, of: 10 },
    after: { n: 100, of: 200 },
  });
  expect(shiftAround(days, '2026-06-01', 'refuse', 7)).toBeNull();
  expect(shiftAround(days, '2026-07-01', 'refuse', 7)).toBeNull();
});
