/** Ed25519 by noble only: for hosts without native Ed25519, and to test that all implementations agree. */
import { getPublicKey, hashes, Point, sign } from '@noble/ed25519';
import { sha512 } from '@noble/hashes/sha2.js';
import { concatBytes, equalBytes } from '@/lib/core/bytes';
import { isAdmissible } from '@/lib/core/ed25519-policy';

// noble's synchronous functions want a SHA-512; as a function of this module it survives tree shaking.
function withSha512(): void {
  hashes.sha512 ??= sha512;
}

export function portablePublicKeyOf(seed: Uint8Array): Uint8Array {
  withSha512();
  return getPublicKey(seed);
}

export function portableSign(seed: Uint8Array, message: Uint8Array): Uint8Array {
  withSha512();
  return sign(message, seed);
}

/**
 * noble's own `verify` multiplies by the cofactor and so accepts signatures that OpenSSL and the browsers
 * refuse; this one recomputes R = [S]B − [k]A and compares its encoding.
 */
export function portableVerify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (!isAdmissible(publicKey, signature)) return false;
  const r = signature.subarray(0, 32);
  try {
    const a = Point.fromBytes(publicKey);
    const s = littleEndian(signature.subarray(32));
    const k = littleEndian(sha512(concatBytes(r, publicKey, message))) % Point.CURVE().n;
    const expected = Point.BASE.multiply(s, false).subtract(a.multiply(k, false));
    return equalBytes(expected.toBytes(), r);
  } catch {
    return false;
  }
}

/** True when the 32 bytes decode to a point of the curve. */
export function isCurvePoint(bytes: Uint8Array): boolean {
  try {
    Point.fromBytes(bytes);
    return true;
  } catch {
    return false;
  }
}

function littleEndian(bytes: Uint8Array): bigint {
  let value = 0n;
  for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i] as number);
  return value;
}
