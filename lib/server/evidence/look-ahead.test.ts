import { expect, test } from 'vitest';
import { lookAhead } from './look-ahead';

async function* numbers(to: number): AsyncGenerator<number> {
  for (let n = 1; n <= to; n++) yield n;
}

/** Ends out of order: later items first. */
const work = (running: { now: number; most: number }) => async (n: number) => {
  running.most = Math.max(running.most, ++running.now);
  for (let turn = 0; turn < 10 - n; turn++) await Promise.resolve();
  running.now--;
  return n;
};

test('results come in order, and no more than the depth is under way', async () => {
  const running = { now: 0, most: 0 };
  const seen: number[] = [];
  for await (const n of lookAhead(numbers(9), 3, work(running))) seen.push(n);
  expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(running.most).toBe(3);
});

test('depth 1 begins nothing before the last was taken', async () => {
  const running = { now: 0, most: 0 };
  for await (const n of lookAhead(numbers(3), 1, work(running))) expect(n).toBeGreaterThan(0);
  expect(running.most).toBe(1);
});

test('a failure is told in its place, and nothing is left running', async () => {
  const running = { now: 0, most: 0 };
  const seen: number[] = [];
  const failing = async (n: number) => {
    const result = await work(running)(n);
    if (n === 2) throw new Error('two');
    return result;
  };
  await expect(
    (async () => {
      for await (const n of lookAhead(numbers(9), 3, failing)) seen.push(n);
    })(),
  ).rejects.toThrow('two');
  expect(seen).toEqual([1]);
  expect(running.now).toBe(0);
});
