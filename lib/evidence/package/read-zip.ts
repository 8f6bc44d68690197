import { Inflate } from 'fflate';
import { decodeUtf8, equalBytes } from '@/lib/core/bytes';
import { err, ok, type Result } from '@/lib/core/result';
import { crc32 } from './crc32';
import type { PackageErrorCode } from './package-error';
import { isSafePath, maxBytesAt } from './package-places';
import type { RandomAccess } from './random-access';
import {
  CENTRAL_HEADER_BYTES,
  CENTRAL_SIGNATURE,
  END_RECORD_BYTES,
  END_SIGNATURE,
  formatCentralHeader,
  formatEndRecord,
  formatLocalHeader,
  LOCAL_HEADER_BYTES,
  MAX_ARCHIVE_BYTES,
  MAX_ENTRIES,
  METHOD_DEFLATE,
  METHOD_STORED,
  type ZipEntry,
} from './zip-layout';

const MAX_CENTRAL_BYTES = MAX_ENTRIES * (CENTRAL_HEADER_BYTES + 180);
/** Evidence compresses some tenfold; only what is made to burst does so by more than this. */
const MAX_RATIO = 250;
/** Below this many bytes a ratio says nothing. */
const RATIO_FROM_BYTES = 1_048_576;
/** What the unpacked files may come to together. */
const MAX_TOTAL_BYTES = 4 * 1_073_741_824;
const INFLATE_STEP_BYTES = 16_384;

export type ZipDirectory = ReadonlyMap<string, ZipEntry>;

async function readRange(
  access: RandomAccess,
  from: number,
  to: number,
): Promise<Result<Uint8Array, 'package_unreadable'>> {
  try {
    const bytes = await access.read(from, to);
    return bytes.length === to - from ? ok(bytes) : err('package_unreadable', 'fewer bytes than its size');
  } catch (error) {
    return err('package_unreadable', error instanceof Error ? error.message : undefined);
  }
}

/** The archive's directory, without reading any entry. */
export async function readZipDirectory(
  access: RandomAccess,
): Promise<Result<ZipDirectory, PackageErrorCode>> {
  if (access.size > MAX_ARCHIVE_BYTES) return err('package_too_large');
  if (access.size < END_RECORD_BYTES) return err('package_not_zip');
  const tail = await readRange(access, access.size - END_RECORD_BYTES, access.size);
  if (!tail.ok) return tail;
  const end = viewOf(tail.value);
  if (end.getUint32(0, true) !== END_SIGNATURE) return err('package_not_zip');
  const count = end.getUint16(10, true);
  const size = end.getUint32(12, true);
  const offset = end.getUint32(16, true);
  if (count === 0xffff || size === 0xffff_ffff || offset === 0xffff_ffff) return err('package_zip64');
  if (!equalBytes(tail.value, formatEndRecord(count, size, offset)))
    return err('package_layout', 'end record');
  if (size > MAX_CENTRAL_BYTES) return err('package_too_large', 'directory');
  if (offset + size + END_RECORD_BYTES !== access.size) return err('package_layout', 'end record');
  const central = await readRange(access, offset, offset + size);
  return central.ok ? parseDirectory(central.value, count, offset) : central;
}

function parseDirectory(
  central: Uint8Array,
  count: number,
  dataEnd: number,
): Result<ZipDirectory, PackageErrorCode> {
  const view = viewOf(central);
  const entries = new Map<string, ZipEntry>();
  let at = 0;
  let expectedOffset = 0;
  let totalBytes = 0;
  for (let n = 0; n < count; n++) {
    if (at + CENTRAL_HEADER_BYTES > central.length || view.getUint32(at, true) !== CENTRAL_SIGNATURE)
      return err('package_layout', 'directory');
    const flags = view.getUint16(at + 8, true);
    const method = view.getUint16(at + 10, true);
    const headerEnd = at + CENTRAL_HEADER_BYTES + view.getUint16(at + 28, true);
    const name = decodeUtf8(central.subarray(at + CENTRAL_HEADER_BYTES, headerEnd));
    if (headerEnd > central.length || !name.ok) return err('package_layout', 'directory');
    if (flags & 1) return err('entry_encrypted');
    if (!isSafePath(name.value)) return err('entry_name_unsafe');
    if (method !== METHOD_STORED && method !== METHOD_DEFLATE) return err('entry_method', name.value);
    const entry: ZipEntry = {
      name: name.value,
      method,
      crc: view.getUint32(at + 16, true),
      compressedSize: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      offset: view.getUint32(at + 42, true),
    };
    if (entry.size === 0xffff_ffff || entry.compressedSize === 0xffff_ffff || entry.offset === 0xffff_ffff)
      return err('package_zip64');
    if (entries.has(entry.name)) return err('entry_name_repeated', entry.name);
    const fit = checkSizes(entry);
    if (fit) return fit;
    totalBytes += entry.size;
    if (totalBytes > MAX_TOTAL_BYTES) return err('entry_bomb', 'all entries together');
    if (
      !equalBytes(central.subarray(at, headerEnd), formatCentralHeader(entry)) ||
      entry.offset !== expectedOffset
    )
      return err('package_layout', entry.name);
    expectedOffset += LOCAL_HEADER_BYTES + (headerEnd - at - CENTRAL_HEADER_BYTES) + entry.compressedSize;
    entries.set(entry.name, entry);
    at = headerEnd;
  }
  if (at !== central.length || expectedOffset !== dataEnd) return err('package_layout', 'directory');
  return ok(entries);
}

function checkSizes(entry: ZipEntry): Result<never, PackageErrorCode> | null {
  const max = maxBytesAt(entry.name);
  if (max === null) return err('entry_name_unknown', entry.name);
  if (entry.size > max) return err('entry_too_large', entry.name);
  if (entry.size > RATIO_FROM_BYTES && entry.size > entry.compressedSize * MAX_RATIO)
    return err('entry_bomb', entry.name);
  const overhead = entry.method === METHOD_STORED ? 0 : 65_536;
  if (entry.compressedSize > entry.size + overhead || (overhead === 0 && entry.compressedSize !== entry.size))
    return err('entry_corrupt', entry.name);
  return null;
}

/** One file of the archive, unpacked; never more bytes than its entry claims. */
export async function readZipEntry(
  access: RandomAccess,
  entry: ZipEntry,
): Promise<Result<Uint8Array, PackageErrorCode>> {
  const header = formatLocalHeader(entry);
  const end = entry.offset + header.length + entry.compressedSize;
  const read = await readRange(access, entry.offset, end);
  if (!read.ok) return read;
  if (!equalBytes(read.value.subarray(0, header.length), header)) return err('entry_header', entry.name);
  const data = read.value.subarray(header.length);
  const bytes = entry.method === METHOD_STORED ? data.slice() : inflate(data, entry.size);
  if (!bytes || crc32(bytes) !== entry.crc) return err('entry_corrupt', entry.name);
  return ok(bytes);
}

/** Exactly `size` bytes, or undefined. */
function inflate(data: Uint8Array, size: number): Uint8Array | undefined {
  const out = new Uint8Array(size);
  let at = 0;
  const stream = new Inflate((chunk) => {
    if (at + chunk.length > size) throw new RangeError('more bytes than the entry claims');
    out.set(chunk, at);
    at += chunk.length;
  });
  try {
    for (let from = 0; from < data.length || from === 0; from += INFLATE_STEP_BYTES) {
      const to = Math.min(data.length, from + INFLATE_STEP_BYTES);
      stream.push(data.subarray(from, to), to === data.length);
    }
  } catch {
    return undefined;
  }
  return at === size ? out : undefined;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
