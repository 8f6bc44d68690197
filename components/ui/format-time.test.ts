import { describe, expect, it } from 'vitest';
import { formatCountdown, formatDuration, formatInstant, formatRelative, UTC } from './format-time';

const IST = { id: 'Asia/Kolkata', label: 'IST' };
const at = Date.parse('2026-11-20T08:35:25.412Z');

describe('formatInstant', () => {
  it.each([
    ['date', '20 Nov 2026'],
    ['clock', '14:05:25 IST'],
    ['minute', '20 Nov 2026, 14:05 IST'],
    ['second', '20 Nov 2026, 14:05:25 IST'],
    ['milli', '20 Nov 2026, 14:05:25.412 IST'],
  ] as const)('%s', (precision, text) => {
    expect(formatInstant(at, IST, precision)).toBe(text);
  });

  it('names the zone it is in and moves the day with it', () => {
    const late = Date.parse('2026-09-30T20:00:00Z');
    expect(formatInstant(late, UTC, 'minute')).toBe('30 Sep 2026, 20:00 UTC');
    expect(formatInstant(late, IST, 'minute')).toBe('1 Oct 2026, 01:30 IST');
  });

  it('writes midnight as 00', () => {
    expect(formatInstant(Date.parse('2026-01-01T00:00:00Z'), UTC, 'clock')).toBe('00:00:00 UTC');
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, 9e15])('does not throw on %s', (ms) => {
    expect(formatInstant(ms, UTC)).toBe('unknown time');
    expect(formatRelative(ms, at, UTC)).toBe('unknown time');
  });
});

describe('formatRelative', () => {
  it.each([
    [0, 'just now'],
    [-12_000, '12 s ago'],
    [-119_000, '1 min ago'],
    [-3 * 3_600_000, '3 h ago'],
    [-47 * 3_600_000, '47 h ago'],
    [-5 * 86_400_000, '5 days ago'],
    [5 * 60_000, 'in 5 min'],
  ])('%d ms from now', (offsetMs, text) => {
    expect(formatRelative(at + offsetMs, at, IST)).toBe(text);
  });

  it('gives the date beyond 30 days', () => {
    expect(formatRelative(at - 40 * 86_400_000, at, IST)).toBe('11 Oct 2026');
  });
});

describe('formatCountdown', () => {
  it.each([
    [171_000, '02:51'],
    [170_001, '02:51'],
    [3_771_000, '1:02:51'],
    [0, '00:00'],
    [-5_000, '00:00'],
    [200_000_000, '2 days'],
  ])('%d ms', (ms, text) => {
    expect(formatCountdown(ms)).toBe(text);
  });
});

describe('formatDuration', () => {
  it.each([
    [840, '840 ms'],
    [12_400, '12.4 s'],
    [59_960, '1:00'],
    [108_000, '1:48'],
    [7_500_000, '2 h 05 min'],
  ])('%d ms', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});
