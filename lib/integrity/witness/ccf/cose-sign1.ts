/**
 * COSE_Sign1 (RFC 9052 §4.2), tagged: `18([protected bstr, unprotected map, payload bstr / nil, signature bstr])`. What is
 * signed is
 *
 *   Sig_structure = ["Signature1", protected bstr, h'', payload bstr]
 *
 * Worked example: with empty headers and the payload `01` it is `84 6a "Signature1" 40 40 41 01`.
 */
import { encode } from 'cborg';
import { concatBytes } from '@/lib/core/bytes';
import { verifyEcdsa } from '@/lib/core/ecdsa';
import type { ShaAlgorithm } from '@/lib/core/hash';
import { err, ok, type Result } from '@/lib/core/result';
import { verifyRsa } from '@/lib/core/rsa';
import { CborTag, type CborValue, isCborArray, isCborMap, parseCbor } from '@/lib/integrity/witness/ccf/cbor';

/** Header parameters (IANA COSE registry; 394 to 396 of RFC 9942 and the SCITT architecture). */
export const HEADER = {
  algorithm: 1,
  keyId: 4,
  cwtClaims: 15,
  certificates: 33,
  certificateDigest: 34,
  payloadHash: 258,
  receipts: 394,
  verifiableStructure: 395,
  proofs: 396,
} as const;

export interface CoseSign1 {
  readonly protectedBytes: Uint8Array;
  readonly protectedHeader: ReadonlyMap<CborValue, CborValue>;
  readonly unprotectedHeader: ReadonlyMap<CborValue, CborValue>;
  /** Null where it is detached. */
  readonly payload: Uint8Array | null;
  readonly signature: Uint8Array;
}

/** Reads hostile bytes. Nothing is verified. */
export function parseCoseSign1(bytes: Uint8Array): Result<CoseSign1, 'cose_syntax' | 'cose_shape'> {
  const message = parseCbor(bytes);
  if (!message.ok) return message;
  const parts = message.value instanceof CborTag ? message.value.value : null;
  if (!isCborArray(parts ?? undefined)) return err('cose_shape', 'no COSE_Sign1');
  const [protectedBytes, unprotectedHeader, payload, signature, ...more] = parts as readonly CborValue[];
  if (
    !(protectedBytes instanceof Uint8Array) ||
    !isCborMap(unprotectedHeader) ||
    !(payload === null || payload instanceof Uint8Array) ||
    !(signature instanceof Uint8Array) ||
    more.length > 0
  ) {
    return err('cose_shape', 'members of COSE_Sign1');
  }
  const header = protectedBytes.length === 0 ? ok<CborValue>(new Map()) : parseCbor(protectedBytes);
  if (!header.ok) return header;
  if (!isCborMap(header.value)) return err('cose_shape', 'protected header');
  return ok({ protectedBytes, protectedHeader: header.value, unprotectedHeader, payload, signature });
}

/** The message as its signer made it: tagged, with an empty unprotected header. */
export function formatSignedStatement({ protectedBytes, payload, signature }: CoseSign1): Uint8Array {
  return concatBytes(Uint8Array.of(0xd2), encode([protectedBytes, new Map(), payload, signature]));
}

type Method =
  | { readonly kind: 'ecdsa'; readonly hash: ShaAlgorithm }
  | { readonly kind: 'pss'; readonly hash: ShaAlgorithm; readonly saltBytes: number }
  | { readonly kind: 'pkcs1'; readonly hash: ShaAlgorithm };

/** COSE algorithms (RFC 9053 §2.1, RFC 8230 §2, RFC 8812 §2) with their names. */
const METHODS: ReadonlyMap<CborValue | undefined, { readonly name: string; readonly method: Method }> =
  new Map<CborValue | undefined, { readonly name: string; readonly method: Method }>([
    [-7, { name: 'ES256', method: { kind: 'ecdsa', hash: 'sha-256' } }],
    [-35, { name: 'ES384', method: { kind: 'ecdsa', hash: 'sha-384' } }],
    [-36, { name: 'ES512', method: { kind: 'ecdsa', hash: 'sha-512' } }],
    [-37, { name: 'PS256', method: { kind: 'pss', hash: 'sha-256', saltBytes: 32 } }],
    [-38, { name: 'PS384', method: { kind: 'pss', hash: 'sha-384', saltBytes: 48 } }],
    [-39, { name: 'PS512', method: { kind: 'pss', hash: 'sha-512', saltBytes: 64 } }],
    [-257, { name: 'RS256', method: { kind: 'pkcs1', hash: 'sha-256' } }],
    [-258, { name: 'RS384', method: { kind: 'pkcs1', hash: 'sha-384' } }],
    [-259, { name: 'RS512', method: { kind: 'pkcs1', hash: 'sha-512' } }],
  ]);

/** Name of the algorithm that the protected header names; null where it is unknown here. */
export function algorithmOf({ protectedHeader }: CoseSign1): string | null {
  return METHODS.get(protectedHeader.get(HEADER.algorithm))?.name ?? null;
}

/**
 * Whether the message is signed under an SPKI, with `payload` where the message's own is detached; `undefined` where it
 * cannot be told here: an unknown algorithm, or RSA in a host without WebCrypto.
 */
export async function verifyCoseSign1(
  message: CoseSign1,
  publicKey: Uint8Array,
  payload: Uint8Array,
): Promise<boolean | undefined> {
  const method = METHODS.get(message.protectedHeader.get(HEADER.algorithm))?.method;
  if (!method) return undefined;
  const { signature } = message;
  const signed = encode(['Signature1', message.protectedBytes, new Uint8Array(0), payload]);
  const { hash } = method;
  if (method.kind === 'ecdsa') {
    return verifyEcdsa({ publicKey, message: signed, hash, signature, encoding: 'p1363' });
  }
  const scheme =
    method.kind === 'pss'
      ? ({ name: 'pss', saltBytes: method.saltBytes } as const)
      : ({ name: 'pkcs1-v1.5' } as const);
  return await verifyRsa({ publicKey, scheme, hash, message: signed, signature });
}
