import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatInstant, parseInstant } from '@/lib/core/instant';

describe('instants', () => {
  it('round-trips every millisecond of the years 0000 to 9999', () => {
    fc.assert(
      fc.property(fc.integer({ min: -62_167_219_200_000, max: 253_402_300_799_999 }), (unixMs) => {
        expect(parseInstant(formatInstant(unixMs))).toEqual({ ok: true, value: unixMs });
      }),
    );
    expect(formatInstant(1_795_163_760_123)).toBe('2026-11-20T08:36:00.123Z');
  });

  it.each([
    ['no milliseconds', '2026-11-20T08:36:00Z'],
    ['microseconds', '2026-11-20T08:36:00.123456Z'],
    ['an offset', '2026-11-20T14:06:00.123+05:30'],
    ['a zero offset', '2026-11-20T08:36:00.123+00:00'],
    ['lower case', '2026-11-20t08:36:00.123z'],
    ['a space', '2026-11-20 08:36:00.123Z'],
    ['30 February', '2026-02-30T08:36:00.123Z'],
    ['29 February of a common year', '2027-02-29T00:00:00.000Z'],
    ['hour 24', '2026-11-20T24:00:00.000Z'],
    ['a leap second', '2026-12-31T23:59:60.000Z'],
    ['month 13', '2026-13-01T00:00:00.000Z'],
    ['a six-digit year', '+012026-11-20T08:36:00.123Z'],
    ['a final newline', '2026-11-20T08:36:00.123Z\n'],
  ])('refuses %s', (_, text) => {
    expect(parseInstant(text)).toEqual({ ok: false, code: 'instant_syntax' });
  });

  it('does not print what it could not read', () => {
    expect(() => formatInstant(Number.NaN)).toThrow('out of range');
    expect(() => formatInstant(0.5)).toThrow('out of range');
    expect(() => formatInstant(253_402_300_800_000)).toThrow('out of range');
  });
});
