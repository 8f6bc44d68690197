/** How values that are not bytes are changed one bit at a time: as the bytes in which they would be stored. */
import { concatBytes, decodeUtf8, readU64be, u64be, utf8 } from '@/lib/core/bytes';
import { formatBase64, formatBase64url, parseBase64, parseBase64url } from '@/lib/core/encoding';

/** Bytes of a stored number; six hold every position and size. */
const NUMBER_BYTES = 6;

export const numberBytes = (n: number): Uint8Array => u64be(n).slice(8 - NUMBER_BYTES);

export function bytesNumber(bytes: Uint8Array): number {
  const read = readU64be(concatBytes(new Uint8Array(8 - NUMBER_BYTES), bytes));
  return read.ok ? read.value : 0;
}

/** The text of changed bytes; what is no UTF-8 any more reads as the replacement character, as a database would refuse it. */
export function bytesText(bytes: Uint8Array): string {
  const read = decodeUtf8(bytes);
  return read.ok ? read.value : new TextDecoder().decode(bytes);
}

/** A part of some bytes that stands for others: where it is, and how it is written. */
export interface Span {
  from: number;
  to: number;
  encoding: 'plain' | 'base64' | 'base64url';
}

/** The bytes that a span stands for; empty when it cannot be read. */
export function readSpan(bytes: Uint8Array, { from, to, encoding }: Span): Uint8Array {
  const part = bytes.subarray(from, to);
  if (encoding === 'plain') return part;
  const text = bytesText(part);
  const read = encoding === 'base64' ? parseBase64(text) : parseBase64url(text);
  return read.ok ? read.value : new Uint8Array(0);
}

/** The whole with other bytes in a span's place. */
export function writeSpan(bytes: Uint8Array, { from, to, encoding }: Span, value: Uint8Array): Uint8Array {
  const part =
    encoding === 'plain' ? value : utf8(encoding === 'base64' ? formatBase64(value) : formatBase64url(value));
  return concatBytes(bytes.subarray(0, from), part, bytes.subarray(to));
}

/** Where a piece of ASCII stands in some bytes, first occurrence from an offset on; undefined when it does not. */
export function findSpan(
  bytes: Uint8Array,
  text: string,
  encoding: Span['encoding'],
  after = 0,
): Span | undefined {
  const from = text === '' ? -1 : new TextDecoder('latin1').decode(bytes).indexOf(text, after);
  return from < 0 ? undefined : { from, to: from + text.length, encoding };
}
