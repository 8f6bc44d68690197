/** The stream chain and the entries of the log. */
import { createHash } from 'node:crypto';

const blake2b512 = (...parts: (Uint8Array | string)[]): Buffer => {
  const hash = createHash('blake2b512');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

const u64 = (n: number): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(n));
  return bytes;
};

/** Links 0 to n of a stream that holds these records. */
export function chainLinks(stream: string, records: readonly Uint8Array[]): Buffer[] {
  const links = [blake2b512('countersign/stream/v1\n', stream)];
  for (const [index, record] of records.entries()) {
    links.push(
      blake2b512('countersign/link/v1\n', links[index] as Buffer, u64(index + 1), blake2b512(record)),
    );
  }
  return links;
}

/** 0x01 ‖ u16be(len stream) ‖ stream ‖ u64be(n) ‖ link_n */
export function logEntry(stream: string, position: number, link: Uint8Array): Buffer {
  const name = Buffer.from(stream);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(name.length);
  return Buffer.concat([Buffer.of(1), length, name, u64(position), link]);
}

/** What an entry says; throws where it is not one. */
export function readLogEntry(entry: Buffer): { stream: string; position: number; link: Buffer } {
  const end = 3 + entry.readUInt16BE(1);
  if (entry[0] !== 1 || entry.length !== end + 8 + 64) throw new Error('not an entry of this log');
  return {
    stream: entry.subarray(3, end).toString('utf8'),
    position: Number(entry.readBigUInt64BE(end)),
    link: entry.subarray(end + 8),
  };
}
