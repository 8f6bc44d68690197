/**
 * Strict text encodings of bytes and integers: whatever is read must print back to exactly what was read,
 * so that one value has one spelling (no padding tricks, stray bits, white space, signs or leading zeros).
 * `base64` is RFC 4648 §4 with padding, `base64url` is §5 without padding, `hex` is lower case.
 */
import { nodeBuffer, plainBytes } from '@/lib/core/node-builtins';
import { err, ok, type Result } from '@/lib/core/result';

type Alphabet = 'base64' | 'base64url';

type FromBase64 = (text: string, options: { lastChunkHandling: 'strict' }) => Uint8Array;

/** ECMAScript's own encodings of bytes (ES2026), absent in older hosts. */
const hostBytes = {
  fromBase64: (Uint8Array as { fromBase64?: FromBase64 }).fromBase64?.bind(Uint8Array),
  toBase64: (Uint8Array.prototype as { toBase64?: (this: Uint8Array) => string }).toBase64,
  toHex: (Uint8Array.prototype as { toHex?: (this: Uint8Array) => string }).toHex,
};

/** RFC 4648 §4, padded. */
export function formatBase64(bytes: Uint8Array): string {
  if (nodeBuffer) return nodeBuffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');
  return formatPortable(bytes);
}

/** RFC 4648 §5, without padding (as in JWS, RFC 7515 §2). */
export function formatBase64url(bytes: Uint8Array): string {
  if (nodeBuffer) return nodeBuffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64url');
  return formatPortable(bytes).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** Inverse of `formatBase64`; anything that would print differently is refused. */
export function parseBase64(text: string): Result<Uint8Array, 'base64_syntax'> {
  if (!nodeBuffer && hostBytes.fromBase64) {
    const read = decodeStrictly(text, hostBytes.fromBase64);
    return read ? ok(read) : err('base64_syntax');
  }
  const bytes = decodeBase64(text, 'base64');
  return bytes && formatBase64(bytes) === text ? ok(bytes) : err('base64_syntax');
}

/** Inverse of `formatBase64url`; anything that would print differently is refused. */
export function parseBase64url(text: string): Result<Uint8Array, 'base64url_syntax'> {
  const bytes = decodeBase64(text, 'base64url');
  return bytes && formatBase64url(bytes) === text ? ok(bytes) : err('base64url_syntax');
}

/** Lower-case hexadecimal. */
export function formatHex(bytes: Uint8Array): string {
  if (nodeBuffer) return nodeBuffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');
  if (hostBytes.toHex) return hostBytes.toHex.call(bytes);
  let text = '';
  for (const byte of bytes) text += (byte < 16 ? '0' : '') + byte.toString(16);
  return text;
}

/** Inverse of `formatHex`: even length, lower case only. */
export function parseHex(text: string): Result<Uint8Array, 'hex_syntax'> {
  if (text.length % 2 !== 0 || !/^[0-9a-f]*$/.test(text)) return err('hex_syntax');
  if (nodeBuffer) return ok(plainBytes(nodeBuffer.from(text, 'hex')));
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(text.slice(2 * i, 2 * i + 2), 16);
  return ok(bytes);
}

/** A non-negative decimal integer ≤ 2^53−1: ASCII digits, no sign, no leading zero. */
export function parseDecimal(text: string): Result<number, 'decimal_syntax' | 'decimal_range'> {
  if (!/^(0|[1-9][0-9]*)$/.test(text)) return err('decimal_syntax');
  if (text.length > 16) return err('decimal_range');
  const value = Number(text);
  return Number.isSafeInteger(value) ? ok(value) : err('decimal_range');
}

/**
 * The host's own strict decoder: it refuses stray bits and missing padding but skips white space, which the length
 * gives away. Ten times as fast as decoding and printing back, which is what a browser walking a stream does most.
 */
function decodeStrictly(text: string, decode: FromBase64): Uint8Array | undefined {
  try {
    const bytes = decode(text, { lastChunkHandling: 'strict' });
    return text.length === 4 * Math.ceil(bytes.length / 3) ? bytes : undefined;
  } catch {
    return undefined;
  }
}

function formatPortable(bytes: Uint8Array): string {
  if (hostBytes.toBase64) return hostBytes.toBase64.call(bytes);
  let binary = '';
  for (let i = 0; i < bytes.length; i += 0x8000) {
    binary += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  }
  return btoa(binary);
}

/** Lenient decoding; the callers print the bytes back and compare. */
function decodeBase64(text: string, alphabet: Alphabet): Uint8Array | undefined {
  if (nodeBuffer) return plainBytes(nodeBuffer.from(text, alphabet));
  if (alphabet === 'base64url' && /[+/=]/.test(text)) return undefined;
  try {
    const binary = atob(alphabet === 'base64' ? text : text.replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = new Uint8Array(binary.length);
    for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
    return bytes;
  } catch {
    return undefined;
  }
}
