/**
 * A passkey's public key as the authenticator wrote it: a COSE_Key (RFC 9052 §7, RFC 9053 §7) of one of the three
 * algorithms that WebAuthn registers everywhere: ES256 (-7, P-256), EdDSA (-8, Ed25519) and RS256 (-257).
 *
 * Worked example: `a5 01 02 03 26 20 01 21 58 20 <x> 22 58 20 <y>` is an ES256 key, 77 bytes.
 */
import { concatBytes } from '@/lib/core/bytes';
import { formatEcdsaPublicKey, parseEcdsaPublicKey } from '@/lib/core/ecdsa';
import { err, ok, type Result } from '@/lib/core/result';
import { type CborValue, isCborMap, parseCbor } from '@/lib/integrity/witness/ccf/cbor';

/** `spki` is SubjectPublicKeyInfo DER, `publicKey` the 32 bytes of RFC 8032. */
export type PasskeyPublicKey =
  | { readonly alg: 'ES256'; readonly spki: Uint8Array }
  | { readonly alg: 'EdDSA'; readonly publicKey: Uint8Array }
  | { readonly alg: 'RS256'; readonly spki: Uint8Array };

export type CoseKeyError = 'key_syntax' | 'key_unsupported';

/** COSE algorithm identifiers (RFC 9053, RFC 8812) that this console registers, the preferred first. */
export const PASSKEY_ALGORITHMS = [-7, -8, -257] as const;

const MAX_KEY_BYTES = 2_048;

/** Reads a COSE_Key strictly: key type, algorithm and curve must agree, and nothing may stand behind it. */
export function parseCoseKey(bytes: Uint8Array): Result<PasskeyPublicKey, CoseKeyError> {
  if (bytes.length > MAX_KEY_BYTES) return err('key_syntax', 'too long');
  const map = parseCbor(bytes);
  if (!map.ok || !isCborMap(map.value)) return err('key_syntax');
  const key = map.value;
  const [kty, alg] = [key.get(1), key.get(3)];
  if (kty === 2 && alg === -7) return readEs256(key);
  if (kty === 1 && alg === -8) return readEdDsa(key);
  if (kty === 3 && alg === -257) return readRs256(key);
  return err('key_unsupported', `key type ${String(kty)}, algorithm ${String(alg)}`);
}

type CoseMap = ReadonlyMap<CborValue, CborValue>;

function readEs256(key: CoseMap): Result<PasskeyPublicKey, CoseKeyError> {
  const [x, y] = [key.get(-2), key.get(-3)];
  if (key.get(-1) !== 1 || !isBytes(x, 32) || !isBytes(y, 32)) return err('key_syntax', 'P-256');
  const spki = formatEcdsaPublicKey({ curve: 'p-256', point: concatBytes(Uint8Array.of(4), x, y) });
  return parseEcdsaPublicKey(spki).ok ? ok({ alg: 'ES256', spki }) : err('key_syntax', 'not on the curve');
}

function readEdDsa(key: CoseMap): Result<PasskeyPublicKey, CoseKeyError> {
  const x = key.get(-2);
  if (key.get(-1) !== 6 || !isBytes(x, 32)) return err('key_syntax', 'Ed25519');
  return ok({ alg: 'EdDSA', publicKey: x });
}

function readRs256(key: CoseMap): Result<PasskeyPublicKey, CoseKeyError> {
  const [n, e] = [key.get(-1), key.get(-2)];
  if (!(n instanceof Uint8Array) || !(e instanceof Uint8Array) || n.length < 256 || e.length === 0)
    return err('key_syntax', 'RSA');
  return ok({ alg: 'RS256', spki: rsaSpki(n, e) });
}

function isBytes(value: CborValue | undefined, length: number): value is Uint8Array {
  return value instanceof Uint8Array && value.length === length;
}

/** AlgorithmIdentifier of rsaEncryption with NULL parameters (RFC 3279 §2.3.1). */
const RSA_ENCRYPTION = Uint8Array.of(0x30, 13, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1, 5, 0);

function rsaSpki(n: Uint8Array, e: Uint8Array): Uint8Array {
  const publicKey = der(0x30, concatBytes(derInteger(n), derInteger(e)));
  return der(0x30, concatBytes(RSA_ENCRYPTION, der(0x03, concatBytes(Uint8Array.of(0), publicKey))));
}

function derInteger(unsigned: Uint8Array): Uint8Array {
  let from = 0;
  while (from < unsigned.length - 1 && unsigned[from] === 0) from++;
  const digits = unsigned.subarray(from);
  return der(0x02, (digits[0] as number) >= 0x80 ? concatBytes(Uint8Array.of(0), digits) : digits);
}

function der(tag: number, content: Uint8Array): Uint8Array {
  const { length } = content;
  const header =
    length < 0x80
      ? [tag, length]
      : length < 0x100
        ? [tag, 0x81, length]
        : [tag, 0x82, length >>> 8, length & 0xff];
  return concatBytes(Uint8Array.from(header), content);
}
