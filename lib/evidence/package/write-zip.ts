import { Deflate, deflateSync } from 'fflate';
import { concatBytes } from '@/lib/core/bytes';
import { formatDigest } from '@/lib/core/hash';
import { invariant } from '@/lib/core/invariant';
import { Sha256Stream } from '@/lib/core/sha256-stream';
import { crc32 } from './crc32';
import {
  END_RECORD_BYTES,
  formatCentralHeader,
  formatEndRecord,
  formatLocalHeader,
  MAX_ARCHIVE_BYTES,
  MAX_ENTRIES,
  METHOD_DEFLATE,
  METHOD_STORED,
  type ZipEntry,
} from './zip-layout';

/** One entry as it grows: only its compressed bytes are held. */
export class ZipEntryData {
  private readonly chunks: Uint8Array[] = [];
  private readonly hash = new Sha256Stream();
  private readonly deflate = new Deflate({ level: 6 }, (chunk) => this.chunks.push(chunk));
  crc = 0;
  size = 0;

  push(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.crc = crc32(bytes, this.crc);
    this.size += bytes.length;
    this.hash.update(bytes);
    this.deflate.push(bytes);
  }

  /** SHA-256 of what was pushed, `sha-256:` and hex. */
  digest(): string {
    return formatDigest('sha-256', this.hash.digest());
  }

  /** The compressed bytes; nothing can be pushed after. */
  end(): Uint8Array {
    this.deflate.push(new Uint8Array(0), true);
    return concatBytes(...this.chunks);
  }
}

/**
 * Writes an archive entry by entry. Every call gives the bytes that come next; what stays in memory is about 100 bytes of
 * central directory for each entry.
 */
export class ZipWriter {
  private readonly central: Uint8Array[] = [];
  private centralBytes = 0;
  private offset = 0;

  get entries(): number {
    return this.central.length;
  }

  /** Bytes that the archive would have if it ended now. */
  get bytes(): number {
    return this.offset + this.centralBytes + END_RECORD_BYTES;
  }

  /** Header and data of one entry; data that do not shrink are stored. */
  add(name: string, data: Uint8Array): Uint8Array {
    const compressed = deflateSync(data, { level: 6 });
    const told = { name, crc: crc32(data), size: data.length };
    return compressed.length < data.length
      ? this.place({ ...told, method: METHOD_DEFLATE }, compressed)
      : this.place({ ...told, method: METHOD_STORED }, data);
  }

  /** Header and data of an entry that was gathered piece by piece. */
  addData(name: string, data: ZipEntryData): Uint8Array {
    return this.place({ name, method: METHOD_DEFLATE, crc: data.crc, size: data.size }, data.end());
  }

  private place(
    { name, method, crc, size }: Pick<ZipEntry, 'name' | 'method' | 'crc' | 'size'>,
    data: Uint8Array,
  ): Uint8Array {
    const entry: ZipEntry = { name, method, crc, size, compressedSize: data.length, offset: this.offset };
    const header = formatLocalHeader(entry);
    this.offset += header.length + data.length;
    const central = formatCentralHeader(entry);
    this.central.push(central);
    this.centralBytes += central.length;
    invariant(this.entries <= MAX_ENTRIES, 'ZipWriter: too many entries');
    invariant(this.bytes <= MAX_ARCHIVE_BYTES, 'ZipWriter: archive too large');
    return concatBytes(header, data);
  }

  /** Central directory and end record. */
  finish(): Uint8Array {
    return concatBytes(...this.central, formatEndRecord(this.entries, this.centralBytes, this.offset));
  }
}
