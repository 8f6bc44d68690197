/**
 * CBOR (RFC 8949) as COSE headers and receipts use it, read by cborg under the strictest of its rules and our own: shortest
 * integers and lengths, definite lengths, text in UTF-8, no key twice, integers within ±(2^53−1), no floats that are no numbers, no
 * undefined, at most 16 levels, nothing behind the value. Of tags only 18 (COSE_Sign1) and 1 (epoch time) are known; maps
 * become `Map`s, so that 1 and "1" are two keys.
 *
 * Worked example: `d2 84 40 a0 f6 40` is `18([h'', {}, null, h''])`, a COSE_Sign1 with everything empty.
 */
import { decode } from 'cborg';
import { decodeUtf8 } from '@/lib/core/bytes';
import { err, ok, type Result } from '@/lib/core/result';

export type CborValue =
  | null
  | boolean
  | number
  | string
  | Uint8Array
  | readonly CborValue[]
  | ReadonlyMap<CborValue, CborValue>
  | CborTag;

/** A value under tag 18. */
export class CborTag {
  constructor(readonly value: CborValue) {}
}

const MAX_DEPTH = 16;

const OPTIONS = {
  strict: true,
  useMaps: true,
  rejectDuplicateMapKeys: true,
  allowIndefinite: false,
  allowUndefined: false,
  allowInfinity: false,
  allowNaN: false,
  allowBigInt: false,
  tags: {
    1: (content: () => unknown) => content(),
    18: (content: () => unknown) => new CborTag(content() as CborValue),
  },
};

/** The one value that `bytes` are. */
export function parseCbor(bytes: Uint8Array): Result<CborValue, 'cose_syntax'> {
  const refusal = refuse(bytes);
  if (refusal) return err('cose_syntax', refusal);
  try {
    return ok(decode(bytes, OPTIONS) as CborValue);
  } catch {
    return err('cose_syntax');
  }
}

export function isCborMap(value: CborValue | undefined): value is ReadonlyMap<CborValue, CborValue> {
  return value instanceof Map;
}

export function isCborArray(value: CborValue | undefined): value is readonly CborValue[] {
  return Array.isArray(value);
}

/**
 * A first walk over the headers alone, for what cborg overlooks: nesting that exhausts the stack, and text that is no UTF-8.
 * What is malformed otherwise is left to it.
 */
function refuse(bytes: Uint8Array): string | null {
  /** Values still to come in each open container. */
  const open: number[] = [];
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at] as number;
    const major = first >>> 5;
    const { length, argument } = readArgument(bytes, at, first & 0x1f);
    at += length;
    if (major === 3 && !decodeUtf8(bytes.subarray(at, at + argument)).ok) return 'text that is no UTF-8';
    if (major === 2 || major === 3) at += argument;
    const inside = major === 4 ? argument : major === 5 ? 2 * argument : major === 6 ? 1 : 0;
    if (open.length > 0) open[open.length - 1] = (open.at(-1) as number) - 1;
    if (inside > 0) open.push(inside);
    if (open.length > MAX_DEPTH) return `nested deeper than ${MAX_DEPTH}`;
    while (open.length > 0 && (open.at(-1) as number) <= 0) open.pop();
  }
  return null;
}

function readArgument(bytes: Uint8Array, at: number, info: number): { length: number; argument: number } {
  if (info < 24) return { length: 1, argument: info };
  const extra = info <= 27 ? 2 ** (info - 24) : 0;
  let argument = 0;
  for (let i = 1; i <= extra; i++) argument = argument * 256 + (bytes[at + i] ?? 0);
  return { length: 1 + extra, argument };
}
