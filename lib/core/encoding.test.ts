import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';

const bytes = fc.uint8Array({ maxLength: 200 });

afterEach(() => {
  vi.doUnmock('@/lib/core/node-builtins');
  vi.resetModules();
});

async function loadEncoding(host: 'node' | 'browser') {
  vi.resetModules();
  if (host === 'browser') {
    vi.doMock('@/lib/core/node-builtins', () => ({ nodeBuffer: undefined, nodeCrypto: undefined }));
  }
  return import('@/lib/core/encoding');
}

describe.each(['node', 'browser'] as const)('encoding in %s', (host) => {
  it('round-trips every byte string', async () => {
    const e = await loadEncoding(host);
    fc.assert(
      fc.property(bytes, (value) => {
        expect(e.parseBase64(e.formatBase64(value))).toEqual({ ok: true, value });
        expect(e.parseBase64url(e.formatBase64url(value))).toEqual({ ok: true, value });
        expect(e.parseHex(e.formatHex(value))).toEqual({ ok: true, value });
        expect(e.formatBase64(value)).toBe(Buffer.from(value).toString('base64'));
        expect(e.formatBase64url(value)).toBe(Buffer.from(value).toString('base64url'));
      }),
    );
  });

  it('encodes more than one chunk', async () => {
    const e = await loadEncoding(host);
    const value = new Uint8Array(100_000).fill(7);
    expect(e.formatBase64(value)).toBe(Buffer.from(value).toString('base64'));
  });

  it.each([
    ['missing padding', 'QQ'],
    ['excess padding', 'QQ==='],
    ['stray bits after the last byte', 'QR=='],
    ['white space inside', 'Q Q='],
    ['trailing newline', 'QQ==\n'],
    ['URL-safe alphabet', '-_8='],
    ['padding in the middle', 'QQ==QQ=='],
    ['non-ASCII look-alike', 'QԚ=='],
    ['garbage', '%%%%'],
  ])('refuses base64 with %s', async (_, text) => {
    const e = await loadEncoding(host);
    expect(e.parseBase64(text)).toEqual({ ok: false, code: 'base64_syntax' });
  });

  it.each([
    ['padding', 'QQ=='],
    ['stray bits', 'QR'],
    ['the standard alphabet', '+/8'],
    ['an impossible length', 'QQQQQ'],
    ['white space', 'QQ '],
  ])('refuses base64url with %s', async (_, text) => {
    const e = await loadEncoding(host);
    expect(e.parseBase64url(text)).toEqual({ ok: false, code: 'base64url_syntax' });
  });

  it.each([
    ['upper case', 'AB'],
    ['odd length', 'abc'],
    ['a prefix', '0xab'],
    ['a non-digit after good ones', 'abzz'],
  ])('refuses hex with %s', async (_, text) => {
    const e = await loadEncoding(host);
    expect(e.parseHex(text)).toEqual({ ok: false, code: 'hex_syntax' });
  });
});

describe('parseDecimal', () => {
  it('round-trips every size', async () => {
    const { parseDecimal } = await loadEncoding('node');
    fc.assert(
      fc.property(fc.nat({ max: Number.MAX_SAFE_INTEGER }), (value) => {
        expect(parseDecimal(String(value))).toEqual({ ok: true, value });
      }),
    );
  });

  it.each([
    ['empty text', ''],
    ['a sign', '+1'],
    ['a minus', '-1'],
    ['a leading zero', '01'],
    ['a fraction', '1.0'],
    ['an exponent', '1e3'],
    ['hexadecimal', '0x10'],
    ['other digits', '١'],
    ['white space', ' 1'],
    ['a final newline', '1\n'],
    ['2^53', '9007199254740992'],
    ['2^64 − 1', '18446744073709551615'],
  ])('refuses %s', async (_, text) => {
    const { parseDecimal } = await loadEncoding('node');
    expect(parseDecimal(text).ok).toBe(false);
  });
});
