import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatBytes, decodeUtf8, equalBytes, readU64be, u16be, u64be, utf8 } from '@/lib/core/bytes';

describe('bytes', () => {
  it('keeps a byte order mark, so that different bytes stay different texts', () => {
    expect(decodeUtf8(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61))).toEqual({ ok: true, value: '\uFEFFa' });
  });

  it.each([
    ['overlong slash', [0xc0, 0xaf]],
    ['encoded surrogate', [0xed, 0xa0, 0x80]],
    ['above U+10FFFF', [0xf4, 0x90, 0x80, 0x80]],
    ['truncated sequence', [0xe2, 0x82]],
    ['stray continuation', [0x80]],
  ])('refuses %s', (_, bytes) => {
    expect(decodeUtf8(Uint8Array.from(bytes))).toEqual({ ok: false, code: 'invalid_utf8' });
  });

  it('decodes what it encodes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(decodeUtf8(utf8(text))).toEqual({ ok: true, value: text });
      }),
    );
  });

  it('joins and compares', () => {
    expect(concatBytes(Uint8Array.of(1), new Uint8Array(0), Uint8Array.of(2, 3))).toEqual(
      Uint8Array.of(1, 2, 3),
    );
    expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 2))).toBe(true);
    expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 3))).toBe(false);
    expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 2, 0))).toBe(false);
  });

  it('prints integers big-endian and reads them back only when a number can hold them', () => {
    expect(u16be(0x0102)).toEqual(Uint8Array.of(1, 2));
    expect(u64be(0x0102030405)).toEqual(Uint8Array.of(0, 0, 0, 1, 2, 3, 4, 5));
    expect(u64be(2n ** 64n - 1n)).toEqual(new Uint8Array(8).fill(255));
    expect(readU64be(u64be(Number.MAX_SAFE_INTEGER))).toEqual({ ok: true, value: Number.MAX_SAFE_INTEGER });
    expect(readU64be(u64be(2n ** 53n)).ok).toBe(false);
    expect(readU64be(new Uint8Array(7)).ok).toBe(false);
    expect(() => u16be(65_536)).toThrow('out of range');
    expect(() => u64be(-1)).toThrow('out of range');
    expect(() => u64be(2n ** 64n)).toThrow('out of range');
  });
});
