import { invariant } from '@/lib/core/invariant';
import { err, ok, type Result } from '@/lib/core/result';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** UTF-8 bytes of a text (RFC 3629). A lone surrogate becomes U+FFFD: refuse those before. */
export function utf8(text: string): Uint8Array {
  return encoder.encode(text);
}

/** Text of UTF-8 bytes; malformed sequences are refused, a byte order mark is kept as U+FEFF. */
export function decodeUtf8(bytes: Uint8Array): Result<string, 'invalid_utf8'> {
  try {
    return ok(decoder.decode(bytes));
  } catch {
    return err('invalid_utf8');
  }
}

/** One new array holding all parts in order. */
export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const joined = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

/**
 * Equality of public bytes (digests, keys, links). The time depends on the lengths only, but nothing here
 * promises constant time against an attacker on the same machine; secrets are compared by MAC instead.
 */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= (a[i] as number) ^ (b[i] as number);
  return difference === 0;
}

/** Two bytes, big-endian, of an integer 0…65,535. */
export function u16be(n: number): Uint8Array {
  invariant(Number.isInteger(n) && n >= 0 && n <= 0xffff, 'u16be: integer out of range');
  return Uint8Array.of(n >>> 8, n & 0xff);
}

/** Eight bytes, big-endian, of an integer 0…2^64−1 (a `number` must be a safe integer). */
export function u64be(n: number | bigint): Uint8Array {
  invariant(typeof n === 'bigint' || Number.isSafeInteger(n), 'u64be: not a safe integer');
  invariant(n >= 0 && BigInt(n) < 1n << 64n, 'u64be: integer out of range');
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(n));
  return bytes;
}

/** The integer of eight big-endian bytes at an offset; refuses what a `number` cannot hold exactly. */
export function readU64be(bytes: Uint8Array, offset = 0): Result<number, 'integer_range'> {
  if (offset < 0 || offset + 8 > bytes.length) return err('integer_range');
  const value = new DataView(bytes.buffer, bytes.byteOffset + offset, 8).getBigUint64(0);
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? ok(Number(value)) : err('integer_range');
}
