/**
 * Ed25519 (RFC 8032, pure) with one strict policy for every implementation (see `ed25519-policy`): Node's
 * crypto where it exists, WebCrypto for asynchronous verification in browsers, noble as the portable floor.
 * Keys are bare bytes: a 32-byte seed, a 32-byte public key, a 64-byte signature.
 */
import { createBoundedCache } from '@/lib/core/bounded-cache';
import { concatBytes, equalBytes, utf8 } from '@/lib/core/bytes';
import { isAdmissible, refusePoint } from '@/lib/core/ed25519-policy';
import { isCurvePoint, portablePublicKeyOf, portableSign, portableVerify } from '@/lib/core/ed25519-portable';
import { webCryptoVerify } from '@/lib/core/ed25519-webcrypto';
import { formatBase64url } from '@/lib/core/encoding';
import { sha256 } from '@/lib/core/hash';
import { invariant } from '@/lib/core/invariant';
import { nodeBuffer, nodeCrypto, plainBytes } from '@/lib/core/node-builtins';
import { err, ok, type Result } from '@/lib/core/result';

type KeyObject = import('node:crypto').KeyObject;

/** RFC 8037 public JWK. */
export type Ed25519Jwk = { kty: 'OKP'; crv: 'Ed25519'; x: string };

const SPKI_PREFIX = Uint8Array.of(0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00);
const PKCS8_PREFIX = Uint8Array.of(
  0x30,
  0x2e,
  0x02,
  0x01,
  0x00,
  0x30,
  0x05,
  0x06,
  0x03,
  0x2b,
  0x65,
  0x70,
  0x04,
  0x22,
  0x04,
  0x20,
);

const publicKeyObjects = createBoundedCache<KeyObject>(512);
const privateKeyObjects = createBoundedCache<KeyObject>(32);
/** By the seed's digest. */
const publicKeys = createBoundedCache<Uint8Array>(32);

/** Public key of a 32-byte seed. */
export function publicKeyOf(seed: Uint8Array): Uint8Array {
  invariant(seed.length === 32, 'publicKeyOf: 32-byte seed required');
  const key = publicKeys.get(sha256(seed), () => {
    if (!nodeCrypto) return portablePublicKeyOf(seed);
    const spki = nodeCrypto.createPublicKey(privateKeyObject(seed)).export({ format: 'der', type: 'spki' });
    return plainBytes(spki).slice(SPKI_PREFIX.length);
  });
  invariant(key, 'every 32-byte seed has a public key');
  return key.slice();
}

/** Deterministic 64-byte signature of a message by a 32-byte seed. */
export function signEd25519(seed: Uint8Array, message: Uint8Array): Uint8Array {
  invariant(seed.length === 32, 'signEd25519: 32-byte seed required');
  if (!nodeCrypto) return portableSign(seed, message);
  return plainBytes(nodeCrypto.sign(null, message, privateKeyObject(seed)));
}

/** True when the signature is valid under the strict policy; false for anything else, of any length. */
export function verifyEd25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (!nodeCrypto) return portableVerify(publicKey, message, signature);
  if (!isAdmissible(publicKey, signature)) return false;
  const key = publicKeyObject(publicKey);
  return key !== undefined && nodeCrypto.verify(null, message, key, signature);
}

/**
 * The same answer as `verifyEd25519`, off the calling thread: Node's thread pool, or WebCrypto in browsers
 * (noble where a browser has no Ed25519).
 */
export async function verifyEd25519Async(
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  if (!nodeCrypto) {
    return (
      (await webCryptoVerify(publicKey, message, signature)) ?? portableVerify(publicKey, message, signature)
    );
  }
  if (!isAdmissible(publicKey, signature)) return false;
  const key = publicKeyObject(publicKey);
  if (!key) return false;
  const { verify } = nodeCrypto;
  return new Promise((resolve, reject) => {
    verify(null, message, key, signature, (error, valid) => (error ? reject(error) : resolve(valid)));
  });
}

/** Admits a public key for registration: length, canonical point on the curve, not of small order. */
export function parsePublicKey(
  bytes: Uint8Array,
): Result<Uint8Array, 'key_length' | 'key_not_canonical' | 'key_small_order'> {
  if (bytes.length !== 32) return err('key_length');
  const refusal = refusePoint(bytes);
  if (refusal) return err(refusal);
  return isCurvePoint(bytes) ? ok(bytes) : err('key_not_canonical', 'not a point of the curve');
}

/** Reads a SubjectPublicKeyInfo in DER (RFC 8410 §4, exactly 44 bytes) and admits its key. */
export function parsePublicKeyInfo(
  der: Uint8Array,
): Result<Uint8Array, 'key_info' | 'key_length' | 'key_not_canonical' | 'key_small_order'> {
  if (!equalBytes(der.subarray(0, SPKI_PREFIX.length), SPKI_PREFIX)) return err('key_info');
  return parsePublicKey(der.slice(SPKI_PREFIX.length));
}

/** RFC 8037 §2 public JWK. */
export function jwkOf(publicKey: Uint8Array): Ed25519Jwk {
  return { kty: 'OKP', crv: 'Ed25519', x: formatBase64url(publicKey) };
}

/** RFC 7638 thumbprint (SHA-256) in base64url, with RFC 8037 §2's members `crv`, `kty`, `x`. */
export function jwkThumbprint(publicKey: Uint8Array): string {
  const json = `{"crv":"Ed25519","kty":"OKP","x":"${formatBase64url(publicKey)}"}`;
  return formatBase64url(sha256(utf8(json)));
}

/** Cached under the seed's digest: making the key costs twice as much as signing with it. */
function privateKeyObject(seed: Uint8Array): KeyObject {
  const key = privateKeyObjects.get(sha256(seed), () => {
    invariant(nodeCrypto && nodeBuffer, 'native crypto required');
    const der = nodeBuffer.from(concatBytes(PKCS8_PREFIX, seed));
    return nodeCrypto.createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  });
  invariant(key, 'every 32-byte seed is a private key');
  return key;
}

function publicKeyObject(publicKey: Uint8Array): KeyObject | undefined {
  return publicKeyObjects.get(publicKey, () => {
    invariant(nodeCrypto && nodeBuffer, 'native crypto required');
    const key = nodeBuffer.from(concatBytes(SPKI_PREFIX, publicKey));
    try {
      return nodeCrypto.createPublicKey({ key, format: 'der', type: 'spki' });
    } catch {
      return undefined;
    }
  });
}
