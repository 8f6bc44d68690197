import { expect, test } from 'vitest';
import { expectationOf, hearingOf, type ProducerState } from './producer-state';

const NOW_MS = Date.UTC(2026, 5, 1, 12);
const MINUTE_MS = 60_000;
const ago = (minutes: number) => new Date(NOW_MS - minutes * MINUTE_MS).toISOString();

function state(
  minutes: number | null,
  overrides: Partial<ProducerState> = {},
  longestPauseMs: number | null = null,
): ProducerState {
  return {
    producer: 'spiffe://a/b',
    name: 'b',
    kind: 'agent',
    disabledAt: null,
    expectedSeconds: null,
    streams:
      minutes === null
        ? []
        : [
            {
              stream: 'spiffe://a/b',
              lastSeenAt: ago(minutes),
              lastSeq: 1,
              openGaps: [],
              openTotal: 0,
              closedGaps: [],
              closedTotal: 0,
              heartbeat: null,
              longestPauseMs,
            },
          ],
    ...overrides,
  };
}

test.each([
  ['never sent anything', state(null), 'never'],
  ['was disabled', state(5, { disabledAt: ago(1) }), 'stood-down'],
  ['has no rhythm yet', state(500), 'heard'],
  ['is within what was set', state(4, { expectedSeconds: 300 }), 'heard'],
  ['is a little later than was set', state(9, { expectedSeconds: 300 }), 'late'],
  ['is twice as late as was set', state(11, { expectedSeconds: 300 }), 'silent'],
  ['pauses as it used to', state(30, {}, 20 * MINUTE_MS), 'late'],
  ['pauses four times as long as it used to', state(81, {}, 20 * MINUTE_MS), 'silent'],
  ['is quiet for minutes where it used to speak by the second', state(10, {}, 5_000), 'late'],
] as const)('one that %s', (_name, producer, hearing) => {
  expect(hearingOf(producer, NOW_MS).hearing).toBe(hearing);
});

test('what was set counts before heartbeats, and those before the past', () => {
  const beating = state(1, {}, 1_000);
  const stream = beating.streams[0];
  if (stream) stream.heartbeat = { from: ago(10), to: ago(8), said: 3, here: 3 };
  expect(expectationOf(beating)).toEqual({ everyMs: 2 * MINUTE_MS, by: 'heartbeat' });
  expect(expectationOf({ ...beating, expectedSeconds: 60 })).toEqual({ everyMs: MINUTE_MS, by: 'set' });
  expect(expectationOf(state(1, {}, 1_000))).toEqual({ everyMs: 1_000, by: 'usual' });
});
