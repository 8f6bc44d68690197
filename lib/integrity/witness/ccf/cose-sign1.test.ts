import { encode } from 'cborg';
import { describe, expect, it } from 'vitest';
import { formatHex, parseHex } from '@/lib/core/encoding';
import { CborTag, parseCbor } from '@/lib/integrity/witness/ccf/cbor';
import { formatSignedStatement, parseCoseSign1 } from '@/lib/integrity/witness/ccf/cose-sign1';

const bytes = (hex: string): Uint8Array => {
  const parsed = parseHex(hex.replace(/ /g, ''));
  if (!parsed.ok) throw new Error('hex expected');
  return parsed.value;
};

describe('COSE_Sign1', () => {
  it('reads the worked example: everything empty', () => {
    const value = parseCbor(bytes('d2 84 40 a0 f6 40'));
    const empty = new Uint8Array(0);
    expect(value).toEqual({ ok: true, value: new CborTag([empty, new Map(), null, empty]) });
    expect(parseCoseSign1(bytes('d2 84 40 a0 f6 40'))).toMatchObject({ ok: true, value: { payload: null } });
  });

  it('has the worked example of a Sig_structure', () => {
    const empty = new Uint8Array(0);
    const signed = encode(['Signature1', empty, empty, Uint8Array.of(1)]);
    expect(formatHex(signed)).toBe(`846a${Buffer.from('Signature1').toString('hex')}40404101`);
  });

  it('prints a statement as its signer made it, whatever was put beside the signature', () => {
    const parsed = parseCoseSign1(bytes('d2 84 43 a1 01 26 a1 19 01 8a 81 40 41 07 41 09'));
    if (!parsed.ok) throw new Error(parsed.code);
    expect(parsed.value.protectedHeader.get(1)).toBe(-7);
    expect(formatHex(formatSignedStatement(parsed.value))).toBe('d28443a10126a041074109');
  });

  it.each([
    ['three members', 'd2 83 40 a0 f6'],
    ['a signature that is none', 'd2 84 40 a0 f6 f6'],
    ['a protected header that is no map', 'd2 84 41 01 a0 f6 40'],
    ['a payload that is text', 'd2 84 40 a0 61 61 40'],
  ])('refuses %s', (_, hex) => {
    expect(parseCoseSign1(bytes(hex))).toMatchObject({ ok: false, code: 'cose_shape' });
  });

  it.each([
    ['NaN', 'f97e00'],
    ['infinity', 'f97c00'],
    ['undefined', 'f7'],
    ['an integer of 64 bits', '1bffffffffffffffff'],
    ['text that is no UTF-8', '61ff'],
    ['a break without a beginning', 'ff'],
  ])('refuses %s', (_, hex) => {
    expect(parseCbor(bytes(hex))).toMatchObject({ ok: false });
  });
});
