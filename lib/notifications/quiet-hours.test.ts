import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isTimeZone, quietUntilMs } from './quiet-hours';

const NINE_UTC = Date.UTC(2026, 10, 20, 9, 0, 30);

describe('quiet hours', () => {
  it.each([
    ['inside', { from: 8 * 60, to: 10 * 60, timeZone: 'UTC' }, 60],
    ['at their first minute', { from: 9 * 60, to: 10 * 60, timeZone: 'UTC' }, 60],
    ['at their end', { from: 8 * 60, to: 9 * 60, timeZone: 'UTC' }, null],
    ['over midnight', { from: 22 * 60, to: 9 * 60 + 5, timeZone: 'UTC' }, 5],
    ['in the zone of the person', { from: 14 * 60, to: 15 * 60, timeZone: 'Asia/Kolkata' }, 30],
    ['none when both ends are equal', { from: 540, to: 540, timeZone: 'UTC' }, null],
  ])('%s', (_name, quiet, minutes) => {
    const floor = Math.floor(NINE_UTC / 60_000) * 60_000;
    expect(quietUntilMs(quiet, NINE_UTC)).toBe(minutes === null ? null : floor + minutes * 60_000);
  });

  it('end within a day, and at their end nothing is quiet', () => {
    const minute = fc.integer({ min: 0, max: 1439 });
    fc.assert(
      fc.property(minute, minute, fc.integer({ min: 0, max: 2e12 }), (from, to, nowMs) => {
        const quiet = { from, to, timeZone: 'UTC' };
        const until = quietUntilMs(quiet, nowMs);
        if (until === null) return true;
        return until > nowMs - 60_000 && until - nowMs <= 86_400_000 && quietUntilMs(quiet, until) === null;
      }),
    );
  });
});

it('knows time zones from words', () => {
  expect([isTimeZone('Europe/Berlin'), isTimeZone('Mars/Olympus'), isTimeZone('')]).toEqual([
    true,
    false,
    false,
  ]);
});
