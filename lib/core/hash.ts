/**
 * Digests, synchronous everywhere: Node's crypto where it exists, portable code elsewhere, the same answers.
 * Written form is `alg:lowercase-hex` (formats §1).
 */
import { formatHex, parseHex } from '@/lib/core/encoding';
import {
  portableBlake2b512,
  portableHmacSha256,
  portableSha1,
  portableSha3_512,
  portableSha384,
  portableSha512,
} from '@/lib/core/hash-portable';
import { nodeCrypto, plainBytes } from '@/lib/core/node-builtins';
import { err, ok, type Result } from '@/lib/core/result';
import { portableSha256 } from '@/lib/core/sha256-portable';

export type DigestAlgorithm = 'sha-256' | 'sha3-512' | 'blake2b-512';
export type Digest = { alg: DigestAlgorithm; bytes: Uint8Array };

const DIGEST_BYTES: Readonly<Record<DigestAlgorithm, number>> = {
  'sha-256': 32,
  'sha3-512': 64,
  'blake2b-512': 64,
};

/** SHA-256 (FIPS 180-4), 32 bytes: Merkle log, action digest, stamps. */
export const sha256: (bytes: Uint8Array) => Uint8Array = nativeHash('sha256') ?? portableSha256;

/** SHA-512 (FIPS 180-4), 64 bytes: only to read what others digested with it (RFC 9530, RFC 3161). */
export const sha512: (bytes: Uint8Array) => Uint8Array = nativeHash('sha512') ?? portableSha512;

/** SHA-384 (FIPS 180-4), 48 bytes: only what others sign and stamp with it. */
export const sha384: (bytes: Uint8Array) => Uint8Array = nativeHash('sha384') ?? portableSha384;

/** SHA-1 (FIPS 180-4), 20 bytes: only to read what others wrote with it; it proves nothing about collisions. */
export const sha1: (bytes: Uint8Array) => Uint8Array = nativeHash('sha1') ?? portableSha1;

/** The hashes that X.509, CMS and COSE name, by the names of WebCrypto in lower case. */
export const SHA_HASHES = {
  'sha-1': sha1,
  'sha-256': sha256,
  'sha-384': sha384,
  'sha-512': sha512,
} as const;
export type ShaAlgorithm = keyof typeof SHA_HASHES;

/** SHA3-512 (FIPS 202), 64 bytes: salted evidence digest of a payload. */
export const sha3_512: (bytes: Uint8Array) => Uint8Array = nativeHash('sha3-512') ?? portableSha3_512;

let blake2bWithoutNode = portableBlake2b512;

/** BLAKE2b-512 unkeyed (RFC 7693), 64 bytes: stream chain. */
export const blake2b512: (bytes: Uint8Array) => Uint8Array =
  nativeHash('blake2b512') ?? ((bytes) => blake2bWithoutNode(bytes));

/** Lets `prepareFastHash` put a faster BLAKE2b in the portable one's place; hosts with Node's crypto keep that. */
export function replacePortableBlake2b(faster: (bytes: Uint8Array) => Uint8Array): void {
  blake2bWithoutNode = faster;
}

/** HMAC-SHA-256 (RFC 2104), 32 bytes: blind index. */
export function hmacSha256(key: Uint8Array, message: Uint8Array): Uint8Array {
  if (!nodeCrypto) return portableHmacSha256(key, message);
  return plainBytes(nodeCrypto.createHmac('sha256', key).update(message).digest());
}

/** `alg:lowercase-hex`. */
export function formatDigest(alg: DigestAlgorithm, bytes: Uint8Array): string {
  return `${alg}:${formatHex(bytes)}`;
}

/** Inverse of `formatDigest`; unknown algorithms, wrong lengths and upper case are refused. */
export function parseDigest(
  text: string,
): Result<Digest, 'digest_syntax' | 'digest_algorithm' | 'digest_length'> {
  const colon = text.indexOf(':');
  if (colon < 1) return err('digest_syntax');
  const alg = text.slice(0, colon);
  if (!isDigestAlgorithm(alg)) return err('digest_algorithm');
  const bytes = parseHex(text.slice(colon + 1));
  if (!bytes.ok) return err('digest_syntax');
  return bytes.value.length === DIGEST_BYTES[alg] ? ok({ alg, bytes: bytes.value }) : err('digest_length');
}

function isDigestAlgorithm(alg: string): alg is DigestAlgorithm {
  return Object.hasOwn(DIGEST_BYTES, alg);
}

/** Absent when the host's OpenSSL was built without the algorithm (FIPS builds drop BLAKE2). */
function nativeHash(name: string): ((bytes: Uint8Array) => Uint8Array) | undefined {
  const crypto = nodeCrypto;
  if (!crypto?.getHashes().includes(name)) return undefined;
  // Through a one-byte-per-character string: two to three times as fast as the Buffer that Node would allocate
  // outside the heap for every digest.
  return (bytes) => {
    const text = crypto.hash(name, bytes, 'binary');
    const digest = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i++) digest[i] = text.charCodeAt(i);
    return digest;
  };
}
