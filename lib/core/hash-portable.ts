/**
 * The same digests as `hash`, by noble: for hosts without Node's crypto, and to test that both agree.
 * SHA-256, of which a log needs millions, has `sha256-portable`.
 */
import { blake2b } from '@noble/hashes/blake2.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha1 as nobleSha1 } from '@noble/hashes/legacy.js';
import { sha256 as nobleSha256, sha384 as nobleSha384, sha512 as nobleSha512 } from '@noble/hashes/sha2.js';
import { sha3_512 as nobleSha3 } from '@noble/hashes/sha3.js';

export function portableSha512(bytes: Uint8Array): Uint8Array {
  return nobleSha512(bytes);
}

export function portableSha384(bytes: Uint8Array): Uint8Array {
  return nobleSha384(bytes);
}

export function portableSha1(bytes: Uint8Array): Uint8Array {
  return nobleSha1(bytes);
}

export function portableSha3_512(bytes: Uint8Array): Uint8Array {
  return nobleSha3(bytes);
}

export function portableBlake2b512(bytes: Uint8Array): Uint8Array {
  return blake2b(bytes, { dkLen: 64 });
}

export function portableHmacSha256(key: Uint8Array, message: Uint8Array): Uint8Array {
  return hmac(nobleSha256, key, message);
}
