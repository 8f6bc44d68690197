import { Sequence, Utf8String } from 'asn1js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseHex } from '@/lib/core/encoding';
import { parseAsn1Time } from '@/lib/integrity/witness/x509/asn1-time';
import { contentsOf, derOf, explicitOf, parseDer, sequenceOf } from '@/lib/integrity/witness/x509/der';

function hex(text: string): Uint8Array {
  const bytes = parseHex(text.replaceAll(' ', ''));
  if (!bytes.ok) throw new Error(text);
  return bytes.value;
}

function code(text: string, maxBytes = 1_000): string {
  const node = parseDer(hex(text), maxBytes);
  return node.ok ? 'ok' : node.code;
}

describe('DER', () => {
  it('keeps the bytes that it read', () => {
    const bytes = hex('30 0b 020102 a003 020105 0c01 41');
    const root = parseDer(bytes, 100);
    if (!root.ok) throw new Error(root.code);
    expect(derOf(root.value)).toEqual(bytes);
    const [two, five, text] = sequenceOf(root.value);
    expect([two, five, text].map((node) => node && derOf(node))).toEqual([
      hex('020102'),
      hex('a003020105'),
      hex('0c0141'),
    ]);
    const inner = explicitOf(five, 0);
    expect(inner && contentsOf(inner)).toEqual(hex('05'));
    expect(explicitOf(five, 1)).toBeUndefined();
    expect(sequenceOf(five)).toEqual([]);
  });

  it.each([
    ['nothing', '', 'der_truncated'],
    ['a tag alone', '30', 'der_truncated'],
    ['contents cut short', '3003 0201', 'der_truncated'],
    ['an inner element that reaches out', '3003 0203 01', 'der_truncated'],
    ['bytes behind the end', '0500 00', 'der_trailing_bytes'],
    ['an indefinite length', '3080 0500 0000', 'der_not_strict'],
    ['an indefinite length inside', '3006 3080 0500 0000', 'der_not_strict'],
    ['a length in long form below 128', '308103 020101', 'der_not_strict'],
    ['a length with a leading zero', `30820080 ${'0500'.repeat(64)}`, 'der_not_strict'],
    ['a length of eight bytes', '3088 0000000000000001 05', 'der_truncated'],
    ['a constructed OCTET STRING', '2403 040101', 'der_not_strict'],
    ['a constructed UTF8String', '2c03 0c0141', 'der_not_strict'],
    ['a primitive SEQUENCE', '1003 020101', 'der_not_strict'],
    ['TRUE as 01', '010101', 'der_not_strict'],
    ['an empty BOOLEAN', '0100', 'der_not_strict'],
    ['an INTEGER with a needless zero', '0202 007f', 'der_not_strict'],
    ['an INTEGER with a needless ff', '0202 ff80', 'der_not_strict'],
    ['an empty INTEGER', '0200', 'der_not_strict'],
    ['a NULL with contents', '050100', 'der_not_strict'],
    ['an end of contents', '0000', 'der_not_strict'],
    ['a tag in long form', '1f8101 00', 'der_not_strict'],
  ])('refuses %s', (_, text, expected) => {
    expect(code(text)).toBe(expected);
  });

  it.each([
    ['TRUE', '0101ff'],
    ['-128', '020180'],
    ['255', '0202 00ff'],
    ['an empty SEQUENCE', '3000'],
    ['a context tag', 'a002 0500'],
  ])('reads %s', (_, text) => {
    expect(code(text)).toBe('ok');
  });

  it('has a cap, and a bound on depth and number', () => {
    expect(code('3000', 1)).toBe('der_too_large');
    const nested = (depth: number): string => {
      let text = '';
      for (let i = 0; i < depth; i++) text = `30${(text.length / 2).toString(16).padStart(2, '0')}${text}`;
      return text;
    };
    expect(code(nested(33))).toBe('ok');
    expect(code(nested(34))).toBe('der_not_strict');
    const crowd = parseDer(hex(`30829c40${'0500'.repeat(20_000)}`), 100_000);
    expect(crowd.ok ? 'ok' : crowd.code).toBe('der_syntax');
  });

  it('leaves contents of strings alone, whatever they look like', () => {
    const root = parseDer(hex('0404 30803080'), 10);
    expect(root.ok && contentsOf(root.value)).toEqual(hex('30803080'));
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(typeof parseDer(bytes, 1_000).ok).toBe('boolean');
      }),
    );
  });

  it('reads what asn1js writes', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 200 }), { maxLength: 20 }), (texts) => {
        const value = texts.map((text) => new Utf8String({ value: text.toWellFormed() }));
        const bytes = new Uint8Array(new Sequence({ value }).toBER());
        expect(parseDer(bytes, 100_000).ok).toBe(true);
      }),
    );
  });
});

describe('times', () => {
  const time = (tag: number, text: string): string => {
    const bytes = new TextEncoder().encode(text);
    const node = parseDer(Uint8Array.of(tag, bytes.length, ...bytes), 100);
    if (!node.ok) return node.code;
    const ms = parseAsn1Time(node.value);
    return ms.ok ? new Date(ms.value).toISOString() : ms.code;
  };

  it.each([
    [0x17, '261120083600Z', '2026-11-20T08:36:00.000Z'],
    [0x17, '500101000000Z', '1950-01-01T00:00:00.000Z'],
    [0x17, '491231235959Z', '2049-12-31T23:59:59.000Z'],
    [0x18, '20261120083600Z', '2026-11-20T08:36:00.000Z'],
    [0x18, '20261120083600.1Z', '2026-11-20T08:36:00.100Z'],
    [0x18, '20240621172012.884Z', '2024-06-21T17:20:12.884Z'],
    [0x18, '20261120083600.999999Z', '2026-11-20T08:36:00.999Z'],
    [0x18, '20240229000000Z', '2024-02-29T00:00:00.000Z'],
  ])('%i %s', (tag, text, expected) => {
    expect(time(tag, text)).toBe(expected);
  });

  it.each([
    ['a day that does not exist', 0x18, '20230229000000Z'],
    ['hour 24', 0x18, '20261120240000Z'],
    ['second 60', 0x18, '20261231235960Z'],
    ['a trailing zero', 0x18, '20261120083600.10Z'],
    ['a fraction of nothing', 0x18, '20261120083600.Z'],
    ['a comma', 0x18, '20261120083600,5Z'],
    ['no seconds', 0x18, '202611200836Z'],
    ['no zone', 0x18, '20261120083600'],
    ['another zone', 0x18, '20261120083600+0100'],
    ['two digits of a year', 0x18, '261120083600Z'],
    ['four digits of a year in UTCTime', 0x17, '20261120083600Z'],
    ['a text of another kind', 0x0c, '20261120083600Z'],
  ])('refuses %s', (_, tag, text) => {
    expect(['time_syntax', 'der_syntax']).toContain(time(tag, text));
  });
});
