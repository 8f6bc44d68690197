/**
 * Digests that only others use (operations of OpenTimestamps, fingerprints of AWS); nothing of ours is hashed with them.
 */
import { md5 as nobleMd5, ripemd160 as nobleRipemd160 } from '@noble/hashes/legacy.js';
import { keccak_256 } from '@noble/hashes/sha3.js';

/** RIPEMD-160, 20 bytes. A collision costs about 2^80 steps. */
export function ripemd160(bytes: Uint8Array): Uint8Array {
  return nobleRipemd160(bytes);
}

/** Keccak-256 as submitted to NIST (Ethereum's), 32 bytes; not SHA3-256. */
export function keccak256(bytes: Uint8Array): Uint8Array {
  return keccak_256(bytes);
}

/** MD5 (RFC 1321), 16 bytes. Collisions take seconds: it recognises, it proves nothing. */
export function md5(bytes: Uint8Array): Uint8Array {
  return nobleMd5(bytes);
}
