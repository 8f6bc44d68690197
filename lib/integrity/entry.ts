/**
 * What the log commits to for one record (layer 2):
 *
 *   entry = 0x01 ‖ u16be(len stream) ‖ stream (UTF-8) ‖ u64be(position) ‖ link (64 bytes)
 *
 * Worked example, stream `a`, position 1, a link of 64 zero bytes:
 *   01 0001 61 0000000000000001 00…00                                                          76 bytes
 */
import { concatBytes, decodeUtf8, equalBytes, readU64be, u16be, u64be, utf8 } from '@/lib/core/bytes';
import { invariant } from '@/lib/core/invariant';
import { err, ok, type Result } from '@/lib/core/result';
import { LINK_BYTES } from '@/lib/integrity/chain';

export type Entry = { readonly stream: string; readonly position: number; readonly link: Uint8Array };

const VERSION = 0x01;

/** Bytes of a log entry; the position counts from 1. */
export function formatEntry(entry: Entry): Uint8Array {
  invariant(entry.link.length === LINK_BYTES, 'formatEntry: link must be 64 bytes');
  invariant(entry.position >= 1, 'formatEntry: positions start at 1');
  const stream = utf8(entry.stream);
  return concatBytes(Uint8Array.of(VERSION), u16be(stream.length), stream, u64be(entry.position), entry.link);
}

/** Inverse of `formatEntry`. */
export function parseEntry(bytes: Uint8Array): Result<Entry, 'entry_version' | 'entry_syntax'> {
  if (bytes.length < 3) return err('entry_syntax', 'truncated');
  if (bytes[0] !== VERSION) return err('entry_version');
  const streamEnd = 3 + (((bytes[1] as number) << 8) | (bytes[2] as number));
  if (bytes.length !== streamEnd + 8 + LINK_BYTES) return err('entry_syntax', 'length');
  const stream = decodeUtf8(bytes.subarray(3, streamEnd));
  const position = readU64be(bytes, streamEnd);
  if (!stream.ok || !position.ok || position.value < 1) return err('entry_syntax');
  const entry = { stream: stream.value, position: position.value, link: bytes.slice(streamEnd + 8) };
  return equalBytes(formatEntry(entry), bytes) ? ok(entry) : err('entry_syntax');
}
