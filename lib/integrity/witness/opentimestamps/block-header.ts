/**
 * Bitcoin block header, 80 bytes, integers little-endian:
 *
 *   version 4 ‖ previous block 32 ‖ Merkle root 32 ‖ time 4 (seconds since 1970) ‖ nBits 4 ‖ nonce 4
 *
 *   hash   = SHA-256(SHA-256(header)), written in reverse byte order
 *   target = (nBits mod 2^23) · 256^(nBits div 2^24 − 3); the hash, read little-endian, must not exceed it
 *
 * Worked example, the first block (`GENESIS_HEADER`):
 *   0100000000000000000000000000000000000000000000000000000000000000000000003ba3edfd7a7b12b27ac72c3e67768f617fc81bc3
 *   888a51323a9fb8aa4b1e5e4a29ab5f49ffff001d1dac2b7c
 *   hash 000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f
 */
import { equalBytes } from '@/lib/core/bytes';
import { formatHex } from '@/lib/core/encoding';
import { sha256 } from '@/lib/core/hash';
import { err, ok, type Result } from '@/lib/core/result';

export const HEADER_BYTES = 80;

export interface BlockHeader {
  readonly previousHash: Uint8Array;
  /** In the byte order of the header, as proofs arrive at it. */
  readonly merkleRoot: Uint8Array;
  readonly timeUnixS: number;
  /** As explorers show it. */
  readonly hash: string;
  /** How many hashes one had to try on average to find this header: the binary logarithm of it, rounded down. */
  readonly workBits: number;
}

export type HeaderErrorCode = 'header_length' | 'header_target' | 'header_proof_of_work';

/** Reads a header and refuses one that does not meet the target that it names itself. */
export function parseBlockHeader(bytes: Uint8Array): Result<BlockHeader, HeaderErrorCode> {
  if (bytes.length !== HEADER_BYTES) return err('header_length');
  const view = new DataView(bytes.buffer, bytes.byteOffset, HEADER_BYTES);
  const target = targetOf(view.getUint32(72, true));
  if (target === undefined) return err('header_target');
  const hash = formatHex(blockHash(bytes).reverse());
  if (BigInt(`0x${hash}`) > target) return err('header_proof_of_work');
  return ok({
    previousHash: bytes.slice(4, 36),
    merkleRoot: bytes.slice(36, 68),
    timeUnixS: view.getUint32(68, true),
    hash,
    workBits: ((1n << 256n) / (target + 1n)).toString(2).length - 1,
  });
}

/** SHA-256(SHA-256(header)), in the byte order in which the next header names it. */
export function blockHash(header: Uint8Array): Uint8Array {
  return sha256(sha256(header));
}

/** Whether `next` names `header` as the block before it. */
export function followsHeader(next: BlockHeader, header: Uint8Array): boolean {
  return equalBytes(next.previousHash, blockHash(header));
}

/** Undefined for a target that is negative, zero or beyond 2^256. */
function targetOf(nBits: number): bigint | undefined {
  const exponent = nBits >>> 24;
  const mantissa = BigInt(nBits & 0x007fffff);
  if (nBits & 0x00800000 || mantissa === 0n || exponent > 34) return undefined;
  const target =
    exponent >= 3 ? mantissa << BigInt(8 * (exponent - 3)) : mantissa >> BigInt(8 * (3 - exponent));
  return target > 0n && target < 1n << 256n ? target : undefined;
}
