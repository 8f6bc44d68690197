/**
 * ECDSA over the NIST curves (FIPS 186-5 §6, SEC 1 §4.1), by noble everywhere: WebCrypto cannot verify a signature over
 * a digest that was made elsewhere, and CCF signs the root of its tree so. A public key is an SPKI of RFC 5480: named
 * curve, uncompressed point, nothing else. S in either half is accepted: the standard allows both, and X.509, CMS, CCF
 * and Rekor write both. DER signatures are read strictly (minimal lengths and integers, no trailing bytes).
 */
import { p256, p384, p521 } from '@noble/curves/nist.js';
import { concatBytes, equalBytes } from '@/lib/core/bytes';
import { SHA_HASHES, type ShaAlgorithm } from '@/lib/core/hash';
import { invariant } from '@/lib/core/invariant';
import { err, ok, type Result } from '@/lib/core/result';

export type EcdsaCurve = 'p-256' | 'p-384' | 'p-521';

export interface EcdsaPublicKey {
  readonly curve: EcdsaCurve;
  /** `04 ‖ X ‖ Y` (SEC 1 §2.3.3): 65, 97 or 133 bytes. */
  readonly point: Uint8Array;
}

/** What was signed: a message with the hash to apply, or a digest of 20 to 64 bytes that the signer used as it is. */
export type EcdsaSigned =
  | { readonly message: Uint8Array; readonly hash: ShaAlgorithm }
  | { readonly digest: Uint8Array };

export type EcdsaSignature = EcdsaSigned & {
  /** SPKI DER. The curve is the key's own. */
  readonly publicKey: Uint8Array;
  readonly signature: Uint8Array;
  /** `der`: SEQUENCE of r and s (RFC 3279 §2.2.3). `p1363`: r ‖ s, each as long as the order (JOSE, COSE). */
  readonly encoding: 'der' | 'p1363';
};

const CURVES = { 'p-256': p256, 'p-384': p384, 'p-521': p521 } as const;

/** Everything of the SPKI before the point: SEQUENCE, id-ecPublicKey with the named curve, BIT STRING header. */
const SPKI_PREFIXES: Readonly<Record<EcdsaCurve, Uint8Array>> = {
  'p-256': fromHex('3059301306072a8648ce3d020106082a8648ce3d030107034200'),
  'p-384': fromHex('3076301006072a8648ce3d020106052b81040022036200'),
  'p-521': fromHex('30819b301006072a8648ce3d020106052b8104002303818600'),
};
const POINT_BYTES: Readonly<Record<EcdsaCurve, number>> = { 'p-256': 65, 'p-384': 97, 'p-521': 133 };

/** Curve and point of an SPKI; other curves, explicit parameters, compressed points and points off the curve are refused. */
export function parseEcdsaPublicKey(
  spki: Uint8Array,
): Result<EcdsaPublicKey, 'key_syntax' | 'key_not_on_curve'> {
  for (const curve of ['p-256', 'p-384', 'p-521'] as const) {
    const prefix = SPKI_PREFIXES[curve];
    if (spki.length !== prefix.length + POINT_BYTES[curve]) continue;
    if (!equalBytes(spki.subarray(0, prefix.length), prefix)) continue;
    const point = spki.slice(prefix.length);
    if (point[0] !== 0x04) return err('key_syntax', 'only uncompressed points');
    return CURVES[curve].utils.isValidPublicKey(point, false)
      ? ok({ curve, point })
      : err('key_not_on_curve');
  }
  return err('key_syntax', 'not an SPKI of P-256, P-384 or P-521');
}

/** Inverse of `parseEcdsaPublicKey`: SPKI DER of a point that the caller has not checked yet. */
export function formatEcdsaPublicKey(key: EcdsaPublicKey): Uint8Array {
  return concatBytes(SPKI_PREFIXES[key.curve], key.point);
}

/** True when the signature is valid; false for anything else, of any length. */
export function verifyEcdsa(signed: EcdsaSignature): boolean {
  const key = parseEcdsaPublicKey(signed.publicKey);
  if (!key.ok) return false;
  const digest = 'digest' in signed ? signed.digest : SHA_HASHES[signed.hash](signed.message);
  if (digest.length < 20 || digest.length > 64) return false;
  try {
    return CURVES[key.value.curve].verify(signed.signature, digest, key.value.point, {
      prehash: false,
      lowS: false,
      format: signed.encoding === 'der' ? 'der' : 'compact',
    });
  } catch {
    return false;
  }
}

/** DER signature by a 32-byte P-256 secret over a 32-byte digest, deterministic (RFC 6979 with SHA-256). */
export function signEcdsaP256(secret: Uint8Array, digest: Uint8Array): Uint8Array {
  invariant(p256.utils.isValidSecretKey(secret), 'signEcdsaP256: secret out of range');
  invariant(digest.length === 32, 'signEcdsaP256: 32-byte digest required');
  return p256.sign(digest, secret, { prehash: false, lowS: false, format: 'der' });
}

/** SPKI DER (91 bytes) of the public key of a 32-byte P-256 secret. */
export function ecdsaPublicKeySpki(secret: Uint8Array): Uint8Array {
  invariant(p256.utils.isValidSecretKey(secret), 'ecdsaPublicKeySpki: secret out of range');
  return concatBytes(SPKI_PREFIXES['p-256'], p256.getPublicKey(secret, false));
}

function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
}
