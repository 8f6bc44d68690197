import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatHex } from '@/lib/core/encoding';
import { formatEntry, parseEntry } from '@/lib/integrity/entry';

const link = new Uint8Array(64);

describe('entry', () => {
  it('recomputes the worked example of the module', () => {
    const bytes = formatEntry({ stream: 'a', position: 1, link });
    expect(formatHex(bytes)).toBe(`01000161${'0000000000000001'}${'00'.repeat(64)}`);
    expect(bytes.length).toBe(76);
  });

  it('round-trips', () => {
    const anyLink = fc.uint8Array({ minLength: 64, maxLength: 64 });
    const position = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), position, anyLink, (stream, at, value) => {
        const entry = { stream, position: at, link: value };
        expect(parseEntry(formatEntry(entry))).toEqual({ ok: true, value: entry });
      }),
    );
  });

  const good = formatEntry({ stream: 'ab', position: 7, link });
  const changed = (index: number, byte: number) => good.map((value, i) => (i === index ? byte : value));
  it.each([
    ['nothing', new Uint8Array(0), 'entry_syntax'],
    ['another version', changed(0, 2), 'entry_version'],
    ['a longer stream than there is', changed(2, 3), 'entry_syntax'],
    ['a shorter stream than there is', changed(2, 1), 'entry_syntax'],
    ['position 0', changed(12, 0), 'entry_syntax'],
    ['a position beyond 2^53', changed(5, 255), 'entry_syntax'],
    ['a stream that is not UTF-8', changed(3, 0xff), 'entry_syntax'],
    ['truncation', good.subarray(0, -1), 'entry_syntax'],
    ['trailing bytes', Uint8Array.of(...good, 0), 'entry_syntax'],
  ])('refuses %s', (_, bytes, code) => {
    expect(parseEntry(bytes)).toMatchObject({ ok: false, code });
  });
});
