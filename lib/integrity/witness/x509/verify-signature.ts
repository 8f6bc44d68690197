/**
 * Signatures under the algorithm identifiers of X.509 and CMS (RFC 3279, 4055, 5754, 5758, 8410): RSA PKCS#1 v1.5 and PSS,
 * ECDSA on P-256, P-384 and P-521, Ed25519; with SHA-256, SHA-384 or SHA-512. SHA-1 is refused: who can make collisions
 * can have one text signed and show another.
 */
import { RSASSAPSSParams } from 'pkijs';
import { verifyEcdsa } from '@/lib/core/ecdsa';
import { verifyEd25519 } from '@/lib/core/ed25519';
import type { ShaAlgorithm } from '@/lib/core/hash';
import { err, ok, type Result } from '@/lib/core/result';
import { type RsaScheme, verifyRsa } from '@/lib/core/rsa';
import {
  type AlgorithmIdentifier,
  hashOf,
  readAlgorithmIdentifier,
} from '@/lib/integrity/witness/x509/algorithm-identifier';
import { contentsOf, contextTagOf, explicitOf, parseDer, sequenceOf } from '@/lib/integrity/witness/x509/der';

export type SignatureCode =
  | 'signature_invalid'
  | 'signature_algorithm_unsupported'
  | 'signature_algorithm_weak'
  | 'signature_host_without_rsa';

export interface SignedMessage {
  readonly algorithm: AlgorithmIdentifier;
  /** The hash that CMS names beside the signature; certificates name it in `algorithm`. */
  readonly digestAlgorithm?: ShaAlgorithm;
  /** SubjectPublicKeyInfo as DER. */
  readonly publicKey: Uint8Array;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
}

type Method =
  | { readonly kind: 'rsa'; readonly scheme: RsaScheme; readonly hash: ShaAlgorithm }
  | { readonly kind: 'ecdsa'; readonly hash: ShaAlgorithm }
  | { readonly kind: 'ed25519' };

const PKCS1: RsaScheme = { name: 'pkcs1-v1.5' };
const METHODS: Readonly<Record<string, Method>> = {
  '1.2.840.113549.1.1.5': { kind: 'rsa', scheme: PKCS1, hash: 'sha-1' },
  '1.2.840.113549.1.1.11': { kind: 'rsa', scheme: PKCS1, hash: 'sha-256' },
  '1.2.840.113549.1.1.12': { kind: 'rsa', scheme: PKCS1, hash: 'sha-384' },
  '1.2.840.113549.1.1.13': { kind: 'rsa', scheme: PKCS1, hash: 'sha-512' },
  '1.2.840.10045.4.1': { kind: 'ecdsa', hash: 'sha-1' },
  '1.2.840.10045.4.3.2': { kind: 'ecdsa', hash: 'sha-256' },
  '1.2.840.10045.4.3.3': { kind: 'ecdsa', hash: 'sha-384' },
  '1.2.840.10045.4.3.4': { kind: 'ecdsa', hash: 'sha-512' },
  '1.3.101.112': { kind: 'ed25519' },
};
const OID_RSA = '1.2.840.113549.1.1.1';
const OID_RSA_PSS = '1.2.840.113549.1.1.10';
const OID_MGF1 = '1.2.840.113549.1.1.8';
const OID_EC = '1.2.840.10045.2.1';
const OID_ED25519 = '1.3.101.112';
/** The key types that each kind of signature is made with. */
const KEY_OIDS = { rsa: OID_RSA, ecdsa: OID_EC, ed25519: OID_ED25519 } as const;

export async function verifySignature(signed: SignedMessage): Promise<Result<true, SignatureCode>> {
  const method = methodOf(signed.algorithm, signed.digestAlgorithm);
  if (!method) return err('signature_algorithm_unsupported', signed.algorithm.oid);
  if (method.kind !== 'ed25519' && method.hash === 'sha-1') return err('signature_algorithm_weak', 'SHA-1');
  const key = readKey(signed.publicKey);
  if (key?.oid !== KEY_OIDS[method.kind])
    return err('signature_algorithm_unsupported', 'key of another type');
  const valid = await verifyBy(method, signed, key.bits);
  if (valid === undefined) return err('signature_host_without_rsa');
  return valid ? ok(true) : err('signature_invalid');
}

async function verifyBy(
  method: Method,
  { publicKey, message, signature }: SignedMessage,
  keyBits: Uint8Array,
): Promise<boolean | undefined> {
  if (method.kind === 'ed25519') return verifyEd25519(keyBits, message, signature);
  const { hash } = method;
  if (method.kind === 'ecdsa') return verifyEcdsa({ publicKey, message, hash, signature, encoding: 'der' });
  return await verifyRsa({ publicKey, scheme: method.scheme, hash, message, signature });
}

function methodOf(algorithm: AlgorithmIdentifier, digest: ShaAlgorithm | undefined): Method | null {
  const { oid, parameters } = algorithm;
  if (oid === OID_RSA_PSS) return pssMethodOf(algorithm);
  if (parameters !== null) return null;
  if (oid === OID_RSA && digest) return { kind: 'rsa', scheme: PKCS1, hash: digest };
  if (oid === OID_EC && digest) return { kind: 'ecdsa', hash: digest };
  return METHODS[oid] ?? null;
}

/** RFC 4055 §3.1: MGF1 with the same hash, which is what WebCrypto computes and everyone uses. */
function pssMethodOf({ parameters }: AlgorithmIdentifier): Method | null {
  try {
    if (!parameters) return null;
    const pss = new RSASSAPSSParams({ schema: parameters });
    const fields = sequenceOf(parameters);
    const explicit = (tag: number) =>
      explicitOf(
        fields.find((field) => contextTagOf(field) === tag),
        tag,
      );
    const hash = readAlgorithmIdentifier(explicit(0));
    const mask = readAlgorithmIdentifier(explicit(1));
    if (!hash.ok || !mask.ok || mask.value.oid !== OID_MGF1 || pss.trailerField !== 1) return null;
    const maskHash = readAlgorithmIdentifier(mask.value.parameters ?? undefined);
    const name = hashOf(hash.value);
    if (!name || !maskHash.ok || hashOf(maskHash.value) !== name) return null;
    if (!(pss.saltLength >= 0 && pss.saltLength <= 512)) return null;
    return { kind: 'rsa', scheme: { name: 'pss', saltBytes: pss.saltLength }, hash: name };
  } catch {
    return null;
  }
}

function readKey(spki: Uint8Array): { oid: string; bits: Uint8Array } | null {
  const node = parseDer(spki, 4_096);
  if (!node.ok) return null;
  const [algorithm, bits] = sequenceOf(node.value);
  const identifier = readAlgorithmIdentifier(algorithm);
  return identifier.ok && bits ? { oid: identifier.value.oid, bits: contentsOf(bits).subarray(1) } : null;
}
