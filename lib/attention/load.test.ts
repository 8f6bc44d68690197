import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Tier } from '@/lib/decisions/record-payload';
import type { LoadRules } from '@/lib/policy/attention-rules';
import { decideLoad, HOUR_MS, type LoadInput, MINUTE_MS, mayTake } from './load';

const NOW_MS = Date.UTC(2026, 10, 20, 12);
const rules: LoadRules = {
  decisionsPerHour: 10,
  activeMinutes: 60,
  breakMinutes: 10,
  weights: { unbounded: 3 },
  noticeAtPercent: 80,
};
const at = (minutesAgo: number) => NOW_MS - minutesAgo * MINUTE_MS;
const verdicts = (n: number, tier: Tier = 'bounded', minutesAgo = 20) =>
  Array.from({ length: n }, (_, i) => ({ atMs: at(minutesAgo) + i * 1_000, tier }));
const read = (from: number, to: number, activeMs = MINUTE_MS) =>
  Array.from({ length: from - to }, (_, i) => ({ minuteMs: at(from - i), activeMs }));
const load = (change: Partial<LoadInput>) =>
  decideLoad({ rules, percent: 100, verdicts: [], minutes: [], nowMs: NOW_MS, ...change });

describe('decideLoad', () => {
  it.each<[string, Partial<LoadInput>, string]>([
    ['nothing done', {}, 'free'],
    ['seven of ten', { verdicts: verdicts(7) }, 'free'],
    ['eight of ten', { verdicts: verdicts(8) }, 'near'],
    ['ten of ten', { verdicts: verdicts(10) }, 'reached'],
    ['ten, an hour ago', { verdicts: verdicts(10, 'bounded', 61) }, 'free'],
    ['four that weigh three each', { verdicts: verdicts(4, 'unbounded') }, 'reached'],
    ['five of ten where fatigue halves the limit', { verdicts: verdicts(5), percent: 50 }, 'reached'],
    ['an hour of reading', { minutes: read(60, 0) }, 'reached'],
    ['fifty minutes of reading', { minutes: read(50, 0) }, 'near'],
    [
      'an hour of reading with a break of ten minutes in it',
      { minutes: [...read(70, 40), ...read(30, 0)] },
      'free',
    ],
    [
      'an hour of reading with pauses of nine minutes',
      { minutes: [...read(69, 39), ...read(30, 0)] },
      'reached',
    ],
    ['an hour of reading, then a break', { minutes: read(71, 11) }, 'free'],
    ['a minute claims more than a minute', { minutes: read(20, 0, 10 * MINUTE_MS) }, 'free'],
  ])('%s', (_, change, state) => expect(load(change).state).toBe(state));

  it('says since when, and when work can be taken again', () => {
    const reached = load({ verdicts: verdicts(10) });
    expect(reached.reachedAt).toBe(new Date(at(20) + 9_000).toISOString());
    expect(reached.freeAt).toBe(new Date(at(20) + HOUR_MS).toISOString());
    const tired = load({ minutes: read(61, 1) });
    expect(tired.freeAt).toBe(new Date(at(1) + 10 * MINUTE_MS).toISOString());
  });

  it('stays reached from the verdict that reached it, whatever was finished since', () => {
    const finishing = [...verdicts(10), { atMs: at(3), tier: 'bounded' as const }];
    expect(load({ verdicts: finishing }).reachedAt).toBe(new Date(at(20) + 9_000).toISOString());
  });

  it('agrees with counting every moment by hand', () => {
    const moments = fc.array(fc.integer({ min: 0, max: 110 }), { maxLength: 24 });
    fc.assert(
      fc.property(moments, fc.integer({ min: 1, max: 8 }), (ago, limit) => {
        const list = ago.map((minutes) => ({ atMs: at(minutes), tier: 'bounded' as const }));
        const view = load({ rules: { ...rules, decisionsPerHour: limit }, verdicts: list });
        const usedAt = (ms: number) => list.filter(({ atMs }) => atMs <= ms && atMs > ms - HOUR_MS).length;
        expect(view.used).toBe(usedAt(NOW_MS));
        expect(view.state === 'reached').toBe(usedAt(NOW_MS) >= limit);
        if (view.reachedAt === null || view.freeAt === null) return;
        let sinceMs = NOW_MS;
        while (usedAt(sinceMs - MINUTE_MS) >= limit) sinceMs -= MINUTE_MS;
        expect(Date.parse(view.reachedAt)).toBe(sinceMs);
        expect(usedAt(Date.parse(view.reachedAt))).toBeGreaterThanOrEqual(limit);
        expect(usedAt(Date.parse(view.freeAt))).toBeLessThan(limit);
        expect(usedAt(Date.parse(view.freeAt) - 1)).toBeGreaterThanOrEqual(limit);
      }),
    );
  });
});

describe('mayTake', () => {
  const reached = load({ verdicts: verdicts(10) });
  const sinceMs = Date.parse(reached.reachedAt ?? '');
  it.each<[string, number | null, boolean]>([
    ['a new case', null, false],
    ['one opened before the limit', sinceMs - 1, true],
    ['one opened after it', sinceMs + 1, false],
    ['one opened at the moment of it', sinceMs, false],
    ['one opened long in advance', sinceMs - 31 * MINUTE_MS, false],
  ])('%s', (_, openedAtMs, may) => expect(mayTake(reached, openedAtMs)).toBe(may));

  it('is no question below the limits', () => expect(mayTake(load({}), null)).toBe(true));
});
