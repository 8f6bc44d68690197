import { describe, expect, it } from 'vitest';
import { decideWitnessState } from './witness-state';

const NOW = 1_795_000_000_000;
const base = {
  type: 'c2sp' as const,
  enabled: true,
  everySeconds: 0,
  uncoveredSinceMs: null,
  attempts: 0,
  lastError: null,
  nowMs: NOW,
};

describe('how a witness does', () => {
  it.each([
    ['covers everything', {}, 'ok'],
    ['has a checkpoint to come', { uncoveredSinceMs: NOW - 10_000 }, 'ok'],
    ['is late', { uncoveredSinceMs: NOW - 121_000 }, 'behind'],
    ['is late by its own interval', { everySeconds: 600, uncoveredSinceMs: NOW - 600_000 }, 'ok'],
    ['matures in Bitcoin', { type: 'opentimestamps' as const, uncoveredSinceMs: NOW - 20 * 3_600_000 }, 'ok'],
    ['failed once', { uncoveredSinceMs: NOW - 10_000, attempts: 1, lastError: 'witness_unreachable' }, 'ok'],
    [
      'fails again and again',
      { uncoveredSinceMs: NOW - 10_000, attempts: 3, lastError: 'witness_refused' },
      'failing',
    ],
    [
      'fails and is late',
      { uncoveredSinceMs: NOW - 500_000, attempts: 1, lastError: 'witness_busy' },
      'failing',
    ],
    ['was disabled while failing', { enabled: false, attempts: 9, lastError: 'witness_busy' }, 'disabled'],
  ])('%s', (_name, more, state) => {
    expect(decideWitnessState({ ...base, ...more })).toBe(state);
  });
});
