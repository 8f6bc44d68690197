/**
 * RSA signatures (RFC 8017: RSASSA-PKCS1-v1_5 §8.2, RSASSA-PSS §8.1) by the host's WebCrypto, in Node and in browsers.
 * A browser offers it only in a secure context (https, localhost, file). Public keys are SPKI DER with rsaEncryption
 * (RFC 3279 §2.3.1), 2,048 to 8,192 bits, with a public exponent from 3 to 2^32 − 1.
 */
import { createBoundedCache } from '@/lib/core/bounded-cache';
import { concatBytes, equalBytes, utf8 } from '@/lib/core/bytes';
import type { ShaAlgorithm } from '@/lib/core/hash';

export type RsaScheme =
  | { readonly name: 'pkcs1-v1.5' }
  | { readonly name: 'pss'; readonly saltBytes: number };

export interface RsaSignature {
  /** SPKI DER. */
  readonly publicKey: Uint8Array;
  readonly scheme: RsaScheme;
  /** SHA-1 is computed where asked; whether it may count is the caller's policy. PSS uses it for MGF1 as well. */
  readonly hash: ShaAlgorithm;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
}

const keys = createBoundedCache<Promise<CryptoKey | undefined>>(256);

/**
 * True when the signature is valid, false for anything else of any length; `undefined` when this host has no WebCrypto,
 * which is no verdict.
 */
export async function verifyRsa(signed: RsaSignature): Promise<boolean | undefined> {
  const subtle = globalThis.crypto?.subtle;
  if (!subtle) return undefined;
  if (signed.publicKey.length > 1_200 || signed.signature.length > 1_024) return false;
  const algorithm = signed.scheme.name === 'pss' ? 'RSA-PSS' : 'RSASSA-PKCS1-v1_5';
  const hash = signed.hash.toUpperCase();
  try {
    const cacheKey = concatBytes(utf8(`${algorithm}/${hash}/`), signed.publicKey);
    const key = await keys.get(cacheKey, () => importKey(signed.publicKey, algorithm, hash));
    if (!key || !isAdmissible(key.algorithm as RsaHashedKeyAlgorithm)) return false;
    const parameters =
      signed.scheme.name === 'pss' ? { name: algorithm, saltLength: signed.scheme.saltBytes } : algorithm;
    return await subtle.verify(
      parameters,
      key,
      signed.signature as BufferSource,
      signed.message as BufferSource,
    );
  } catch {
    return false;
  }
}

/** Read strictly: a key that would print otherwise is no key (OpenSSL overlooks bytes behind it). */
async function importKey(spki: Uint8Array, name: string, hash: string): Promise<CryptoKey | undefined> {
  const { subtle } = globalThis.crypto;
  const key = await subtle.importKey('spki', spki as BufferSource, { name, hash }, true, ['verify']);
  return equalBytes(new Uint8Array(await subtle.exportKey('spki', key)), spki) ? key : undefined;
}

/** Short moduli can be factored; long ones and huge exponents cost the verifier more than the signer. */
function isAdmissible({ modulusLength, publicExponent }: RsaHashedKeyAlgorithm): boolean {
  const exponent = publicExponent.reduce((value, byte) => value * 256 + byte, 0);
  return (
    modulusLength >= 2_048 &&
    modulusLength <= 8_192 &&
    exponent >= 3 &&
    exponent < 2 ** 32 &&
    exponent % 2 === 1
  );
}
