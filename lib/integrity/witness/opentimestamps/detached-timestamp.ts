/**
 * Detached OpenTimestamps proof, the `.ots` file (python-opentimestamps `core/timestamp.py`):
 *
 *   00 "OpenTimestamps" 00 00 "Proof" 00 bf 89 e2 e8 84 e8 92 94     magic, 31 bytes
 *   01                                                               major version, varuint
 *   08                                                               operation that digests the file: 02 03 08 67
 *   32 bytes                                                         the file's digest
 *   timestamp                                                        see `timestamp`; nothing follows it
 *
 * Worked example over SHA-256("abc") = ba7816bf…15ad, promised by the calendar `https://a.example`; after the digest:
 *   00 83 df e3 0d 2e f9 0c 8e 12 11 68 74 74 70 73 3a 2f 2f 61 2e 65 78 61 6d 70 6c 65
 */
import { concatBytes, equalBytes, utf8 } from '@/lib/core/bytes';
import { err, ok, type Result } from '@/lib/core/result';
import { HASHES, type HashName, hashOfTag } from './operation';
import { formatVaruint, OtsCursor } from './ots-cursor';
import type { OtsErrorCode } from './ots-error';
import { formatTimestamp, readTimestamp, type Timestamp } from './timestamp';

/** Real proofs have a few kilobytes; this leaves room for dozens of calendars. */
export const MAX_OTS_BYTES = 131_072;

const MAGIC = concatBytes(
  utf8('\0OpenTimestamps\0\0Proof\0'),
  Uint8Array.of(0xbf, 0x89, 0xe2, 0xe8, 0x84, 0xe8, 0x92, 0x94),
);
const MAJOR_VERSION = 1;

/** `timestamp.message` is the file's digest. Nothing in it has been verified. */
export interface DetachedTimestamp {
  readonly fileHash: HashName;
  readonly timestamp: Timestamp;
}

/** Reads hostile bytes as an `.ots` file; what is accepted prints back byte for byte. */
export function parseOpenTimestamps(bytes: Uint8Array): Result<DetachedTimestamp, OtsErrorCode> {
  if (bytes.length > MAX_OTS_BYTES) return err('ots_too_large');
  if (!isOpenTimestamps(bytes)) return err('ots_magic');
  const cursor = new OtsCursor(bytes.subarray(MAGIC.length));
  const version = cursor.varuint();
  if (version !== undefined && version !== MAJOR_VERSION) return err('ots_version');
  const tag = cursor.byte();
  const fileHash = tag === undefined ? undefined : hashOfTag(tag);
  if (tag !== undefined && !fileHash) return err('ots_operation', 'digest of the file');
  const digest = fileHash && cursor.take(HASHES[fileHash].bytes);
  const timestamp = digest && readTimestamp(cursor, digest);
  if (!timestamp || !cursor.end()) return err(cursor.failure ?? 'ots_truncated');
  return ok({ fileHash, timestamp });
}

/** Inverse of `parseOpenTimestamps`. */
export function formatOpenTimestamps(proof: DetachedTimestamp): Uint8Array {
  return concatBytes(
    MAGIC,
    formatVaruint(MAJOR_VERSION),
    Uint8Array.of(HASHES[proof.fileHash].tag),
    proof.timestamp.message,
    formatTimestamp(proof.timestamp),
  );
}

/** Whether bytes begin as an `.ots` file does. */
export function isOpenTimestamps(head: Uint8Array): boolean {
  return equalBytes(head.subarray(0, MAGIC.length), MAGIC);
}
