/**
 * The zip file of an evidence package: the plainest that PKWARE's APPNOTE.TXT 6.3 allows, so that one archive has one
 * reading. Entries stand one after the other from the first byte, each with its sizes in front; then the central
 * directory in the same order; then its end record, which is the end of the file:
 *
 *   (local header, 30 bytes ‖ name ‖ data)*   (central header, 46 bytes ‖ name)*   end record, 22 bytes
 *
 * No extra fields, comments, data descriptors, encryption, zip64 or second disk; every entry is dated 1980-01-01.
 * Method 0 (stored) or 8 (deflate). A reader prints the headers again from what it read and compares the bytes.
 *
 * Worked example: one stored entry `a` holding `hi` is 30+1+2, 46+1 and 22, together 102 bytes, and ends
 *   504b0506 0000 0000 0100 0100 2f000000 21000000 0000
 */
import { concatBytes, utf8 } from '@/lib/core/bytes';

export const LOCAL_HEADER_BYTES = 30;
export const CENTRAL_HEADER_BYTES = 46;
export const END_RECORD_BYTES = 22;
export const METHOD_STORED = 0;
export const METHOD_DEFLATE = 8;
/** Counts and sizes above these would need zip64. */
export const MAX_ENTRIES = 65_534;
export const MAX_ARCHIVE_BYTES = 0xffff_fffe;

export const LOCAL_SIGNATURE = 0x04034b50;
export const CENTRAL_SIGNATURE = 0x02014b50;
export const END_SIGNATURE = 0x06054b50;

const VERSION = 20;
/** 1980-01-01 00:00 in MS-DOS form. */
const DATE = 0x0021;

export interface ZipEntry {
  readonly name: string;
  readonly method: 0 | 8;
  readonly crc: number;
  readonly compressedSize: number;
  readonly size: number;
  /** Of the local header, from the start of the file. */
  readonly offset: number;
}

function fields(...values: readonly (readonly [bytes: 2 | 4, value: number])[]): Uint8Array {
  const out = new Uint8Array(values.reduce((sum, [bytes]) => sum + bytes, 0));
  const view = new DataView(out.buffer);
  let at = 0;
  for (const [bytes, value] of values) {
    if (bytes === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += bytes;
  }
  return out;
}

/** Local header and name; the entry's data follow. */
export function formatLocalHeader(entry: ZipEntry): Uint8Array {
  const name = utf8(entry.name);
  return concatBytes(
    fields(
      [4, LOCAL_SIGNATURE],
      [2, VERSION],
      [2, 0],
      [2, entry.method],
      [2, 0],
      [2, DATE],
      [4, entry.crc],
      [4, entry.compressedSize],
      [4, entry.size],
      [2, name.length],
      [2, 0],
    ),
    name,
  );
}

/** Central header and name. */
export function formatCentralHeader(entry: ZipEntry): Uint8Array {
  const name = utf8(entry.name);
  return concatBytes(
    fields(
      [4, CENTRAL_SIGNATURE],
      [2, VERSION],
      [2, VERSION],
      [2, 0],
      [2, entry.method],
      [2, 0],
      [2, DATE],
      [4, entry.crc],
      [4, entry.compressedSize],
      [4, entry.size],
      [2, name.length],
      [2, 0],
      [2, 0],
      [2, 0],
      [2, 0],
      [4, 0],
      [4, entry.offset],
    ),
    name,
  );
}

/** The end record: number of entries, size and offset of the central directory. */
export function formatEndRecord(entries: number, size: number, offset: number): Uint8Array {
  return fields(
    [4, END_SIGNATURE],
    [2, 0],
    [2, 0],
    [2, entries],
    [2, entries],
    [4, size],
    [4, offset],
    [2, 0],
  );
}
