/**
 * Digests that only others' proofs use (OpenTimestamps operations); nothing of ours is ever hashed with them.
 */
import { ripemd160 as nobleRipemd160 } from '@noble/hashes/legacy.js';
import { keccak_256 } from '@noble/hashes/sha3.js';

/** RIPEMD-160, 20 bytes. A collision costs about 2^80 steps. */
export function ripemd160(bytes: Uint8Array): Uint8Array {
  return nobleRipemd160(bytes);
}

/** Keccak-256 as submitted to NIST (Ethereum's), 32 bytes; not SHA3-256. */
export function keccak256(bytes: Uint8Array): Uint8Array {
  return keccak_256(bytes);
}
