import { expect, test } from 'vitest';
import { IDLE, paceOf, stepTenant, type TenantStep } from './tenant-verification';

const material = {
  log: null,
  streams: [
    { stream: 'a', producer: 'a', head: 1_000, keys: [] },
    { stream: 'b', producer: 'b', head: 500, keys: [] },
  ],
};
const start: TenantStep = { type: 'start', material, fromStart: true, atMs: 0 };
const streamEnd = (stream: string, records: number, atMs: number): TenantStep => ({
  type: 'stream',
  result: { stream, records, checks: [], late: [] },
  atMs,
});

const play = (steps: readonly TenantStep[]) => steps.reduce(stepTenant, IDLE);

test('time passes only while it runs, and every stream counts', () => {
  const state = play([
    start,
    { type: 'progress', stream: 'a', done: 400, total: 1_000, bytes: 1, atMs: 1_000 },
    { type: 'pause', atMs: 2_000 },
    { type: 'resume', atMs: 9_000 },
    streamEnd('a', 1_000, 9_500),
    { type: 'progress', stream: 'b', done: 100, total: 500, bytes: 1, atMs: 10_000 },
  ]);
  expect(state).toMatchObject({ phase: 'running', done: 1_100, total: 1_500, spentMs: 3_000 });
});

test('leaves and records each have their own pace, and what is remembered is not counted as left', () => {
  const leaves = play([
    start,
    { type: 'log-progress', done: 0, total: 4_000, bytes: 0, atMs: 0 },
    { type: 'log-progress', done: 1_000, total: 4_000, bytes: 80_000, atMs: 1_000 },
  ]);
  expect(paceOf(leaves)).toEqual({
    kind: 'leaves',
    perSecond: 1_000,
    bytesPerSecond: 80_000,
    leftMs: 3_000,
  });
  const records = [
    { type: 'progress', stream: 'a', done: 0, total: 200, bytes: 0, atMs: 2_000 },
    { type: 'progress', stream: 'a', done: 100, total: 200, bytes: 1_000, atMs: 3_000 },
  ] as const;
  const state = records.reduce<typeof leaves>(stepTenant, leaves);
  expect(paceOf(state)).toMatchObject({ kind: 'records', perSecond: 100, leftMs: 6_000 });
});

test('nothing is said about the pace before there is enough to say', () => {
  expect(paceOf(play([start]))).toBeNull();
  expect(
    paceOf(play([start, { type: 'progress', stream: 'a', done: 10, total: 1_000, bytes: 1, atMs: 100 }])),
  ).toBeNull();
});

test('a cancelled run keeps what it found and claims nothing more', () => {
  const finding = { code: 'link_mismatch', where: { stream: 'a', position: 3 } } as const;
  const state = play([
    start,
    { type: 'finding', stream: 'a', finding, atMs: 1 },
    { type: 'cancel', atMs: 2 },
  ]);
  expect(state.phase).toBe('cancelled');
  expect(state.streams.get('a')).toMatchObject({ findings: [finding], checks: null });
  expect(state.streams.get('b')?.checks).toBeNull();
});
