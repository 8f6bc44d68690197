import { expect, test } from 'vitest';
import { stepTenant } from './use-tenant-verification';

type State = Parameters<typeof stepTenant>[0];
type Step = Parameters<typeof stepTenant>[1];

const material = {
  log: null,
  streams: [
    { stream: 'a', producer: 'a', head: 1_000, keys: [] },
    { stream: 'b', producer: 'b', head: 500, keys: [] },
  ],
};

function play(steps: readonly Step[]): State {
  return steps.reduce(stepTenant, undefined as unknown as State);
}

test('time passes only while it runs, and every stream counts', () => {
  const state = play([
    { type: 'start', material, atMs: 0 },
    { type: 'progress', stream: 'a', done: 400, total: 1_000, bytes: 1, atMs: 1_000 },
    { type: 'pause', atMs: 2_000 },
    { type: 'resume', atMs: 9_000 },
    { type: 'stream', stream: 'a', records: 1_000, checks: [], atMs: 9_500 },
    { type: 'progress', stream: 'b', done: 100, total: 500, bytes: 1, atMs: 10_000 },
  ]);
  expect(state).toMatchObject({ phase: 'running', done: 1_100, total: 1_500, spentMs: 3_000 });
});

test('a cancelled run keeps what it found and claims nothing more', () => {
  const finding = { code: 'link_mismatch', where: { stream: 'a', position: 3 } } as const;
  const state = play([
    { type: 'start', material, atMs: 0 },
    { type: 'finding', stream: 'a', finding, atMs: 1 },
    { type: 'cancel', atMs: 2 },
  ]);
  expect(state.phase).toBe('cancelled');
  expect(state.streams.get('a')).toMatchObject({ findings: [finding], checks: null });
  expect(state.streams.get('b')?.checks).toBeNull();
});
