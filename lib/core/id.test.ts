import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatId,
  formatSubjectToken,
  type IdPrefix,
  isForeignId,
  isSubjectToken,
  parseId,
} from '@/lib/core/id';

const PREFIXES: IdPrefix[] = ['dec', 'esc', 'rev', 'apr', 'rec', 'hold', 'evl', 'per', 'lnk'];

describe('ids', () => {
  it('prints the UUIDv7 of RFC 9562 appendix A.6', () => {
    // unix_ts_ms 017F22E279B0, rand_a CC3, rand_b 18C4DC0C0C07398F
    const random = Uint8Array.of(0x0c, 0xc3, 0x18, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f);
    expect(formatId('dec', 0x017f22e279b0, random)).toBe('dec_017f22e2-79b0-7cc3-98c4-dc0c0c07398f');
  });

  it('round-trips, carries its time and sorts by it', () => {
    const time = fc.nat({ max: 2 ** 48 - 1 });
    const random = fc.uint8Array({ minLength: 10, maxLength: 10 });
    fc.assert(
      fc.property(fc.constantFrom(...PREFIXES), time, time, random, random, (prefix, t1, t2, r1, r2) => {
        const id = formatId(prefix, t1, r1);
        expect(parseId(id, prefix)).toEqual({ ok: true, value: { id, prefix, unixMs: t1 } });
        expect(isForeignId(id)).toBe(true);
        if (t1 < t2) expect(id < formatId(prefix, t2, r2)).toBe(true);
      }),
    );
  });

  it.each([
    ['another kind of id', 'esc_017f22e2-79b0-7cc3-98c4-dc0c0c07398f', 'id_prefix'],
    ['no prefix', '017f22e2-79b0-7cc3-98c4-dc0c0c07398f', 'id_syntax'],
    ['upper case', 'dec_017F22E2-79b0-7cc3-98c4-dc0c0c07398f', 'id_syntax'],
    ['UUID version 4', 'dec_017f22e2-79b0-4cc3-98c4-dc0c0c07398f', 'id_syntax'],
    ['a wrong variant', 'dec_017f22e2-79b0-7cc3-18c4-dc0c0c07398f', 'id_syntax'],
    ['missing dashes', 'dec_017f22e279b07cc398c4dc0c0c07398f', 'id_syntax'],
    ['braces', 'dec_{017f22e2-79b0-7cc3-98c4-dc0c0c07398f}', 'id_syntax'],
    ['a final newline', 'dec_017f22e2-79b0-7cc3-98c4-dc0c0c07398f\n', 'id_syntax'],
    ['a second prefix', 'dec_dec_017f22e2-79b0-7cc3-98c4-dc0c0c07398f', 'id_syntax'],
    ['nothing', '', 'id_syntax'],
  ])('refuses %s', (_, text, code) => {
    expect(parseId(text, 'dec')).toEqual({ ok: false, code });
  });

  it.each([
    ['nothing', ''],
    ['129 characters', 'a'.repeat(129)],
    ['a space', 'a b'],
    ['a newline at the end', 'a\n'],
    ['a NUL', 'a\u0000'],
    ['a right-to-left override', 'a\u202eb'],
    ['a percent escape', 'a%2fb'],
    ['markup', '<a>'],
  ])('does not take %s for a foreign id', (_, text) => {
    expect(isForeignId(text)).toBe(false);
  });

  it('knows subject tokens', () => {
    const token = formatSubjectToken(new Uint8Array(16).fill(0xab));
    expect(token).toBe(`tok_${'ab'.repeat(16)}`);
    expect(isSubjectToken(token)).toBe(true);
    for (const near of [token.toUpperCase(), token.slice(0, -1), `${token}0`, `${token}\n`, 'tok_123']) {
      expect(isSubjectToken(near)).toBe(false);
    }
    expect(() => formatSubjectToken(new Uint8Array(8))).toThrow('16 random bytes');
  });
});
