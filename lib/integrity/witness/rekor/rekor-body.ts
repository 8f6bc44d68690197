/**
 * What a Rekor log holds of a signature: the canonical body (JCS), of the kinds that carry X.509 keys or certificates.
 *
 *   hashedrekord 0.0.1  spec.data.hash{algorithm, value hex}, spec.signature{content, publicKey.content = base64 of PEM}
 *   hashedrekord 0.0.2  spec.hashedRekordV002{data{algorithm, digest}, signature{content, verifier}}       (Rekor v2)
 *   dsse 0.0.1          spec{payloadHash, signatures[{signature, verifier = base64 of PEM}]}
 *   dsse 0.0.2          spec.dsseV002{payloadHash, signatures[{content, verifier}]}                        (Rekor v2)
 *   intoto 0.0.2        spec.content{payloadHash, envelope.signatures[{sig = base64 of base64, publicKey = base64 of PEM}]}
 */
import { decodeUtf8 } from '@/lib/core/bytes';
import type { ShaAlgorithm } from '@/lib/core/hash';
import { type JsonObject, type JsonValue, parseJson } from '@/lib/core/json';
import { err, ok, type Result } from '@/lib/core/result';
import { base64Of, hexOf, listOf, objectOf, textOf } from '@/lib/integrity/witness/rekor/json-fields';
import { type Certificate, parseCertificate } from '@/lib/integrity/witness/x509/certificate';
import { parsePemBlock } from '@/lib/integrity/witness/x509/pem-block';

const MAX_BODY_BYTES = 1_048_576;
const MAX_SIGNATURES = 16;

export interface RekorBody {
  readonly kind: string;
  readonly version: string;
  /** Rekor v2: no signed time, and the log's index is that of the tree. */
  readonly isV2: boolean;
  /** What the digest is of: the bytes that were signed, or the payload of a DSSE envelope. */
  readonly digestOf: 'signed-bytes' | 'payload';
  readonly algorithm: ShaAlgorithm;
  readonly digest: Uint8Array;
  readonly signatures: readonly BodySignature[];
}

export interface BodySignature {
  readonly signature: Uint8Array;
  readonly signer: BodySigner;
}

export interface BodySigner {
  /** SPKI DER. */
  readonly publicKey: Uint8Array;
  readonly certificate: Certificate | null;
}

/** `body_unsupported`: a kind of entry that is none of the above. */
export type RekorBodyCode = 'rekor_body' | 'body_unsupported';

type Spec = Pick<RekorBody, 'algorithm' | 'digest' | 'signatures'>;

const READERS: Readonly<
  Record<string, { isV2: boolean; digestOf: RekorBody['digestOf']; read(spec: JsonObject): Spec | null }>
> = {
  'hashedrekord 0.0.1': { isV2: false, digestOf: 'signed-bytes', read: readHashedRekord1 },
  'hashedrekord 0.0.2': { isV2: true, digestOf: 'signed-bytes', read: readHashedRekord2 },
  'dsse 0.0.1': { isV2: false, digestOf: 'payload', read: readDsse1 },
  'dsse 0.0.2': { isV2: true, digestOf: 'payload', read: readDsse2 },
  'intoto 0.0.2': { isV2: false, digestOf: 'payload', read: readInToto },
};

/** Reads hostile bytes. Nothing is verified. */
export function parseRekorBody(bytes: Uint8Array): Result<RekorBody, RekorBodyCode> {
  const text = decodeUtf8(bytes);
  const json = text.ok ? parseJson(text.value, { maxBytes: MAX_BODY_BYTES, maxDepth: 12 }) : text;
  const body = json.ok ? objectOf(json.value) : null;
  const [kind, version, spec] = [textOf(body?.kind), textOf(body?.apiVersion), objectOf(body?.spec)];
  if (kind === null || version === null || !spec) return err('rekor_body', json.ok ? 'members' : json.code);
  const name = `${kind} ${version}`;
  const reader = Object.hasOwn(READERS, name) ? READERS[name] : undefined;
  if (!reader) return err('body_unsupported', name.slice(0, 60));
  const read = reader.read(spec);
  if (!read || read.signatures.length === 0) return err('rekor_body', name);
  return ok({ kind, version, isV2: reader.isV2, digestOf: reader.digestOf, ...read });
}

function readHashedRekord1(spec: JsonObject): Spec | null {
  const hash = readHash(objectOf(spec.data)?.hash);
  const signature = objectOf(spec.signature);
  const content = base64Of(signature?.content);
  const signer = readPemSigner(objectOf(signature?.publicKey)?.content);
  return hash && content && signer ? { ...hash, signatures: [{ signature: content, signer }] } : null;
}

function readHashedRekord2(spec: JsonObject): Spec | null {
  const record = objectOf(spec.hashedRekordV002);
  const hash = readProtoHash(record?.data);
  const signature = record && readProtoSignature(record.signature);
  return hash && signature ? { ...hash, signatures: [signature] } : null;
}

function readDsse1(spec: JsonObject): Spec | null {
  const hash = readHash(spec.payloadHash);
  const signatures = listOf(spec.signatures, MAX_SIGNATURES, (one) => {
    const signature = base64Of(objectOf(one)?.signature);
    const signer = readPemSigner(objectOf(one)?.verifier);
    return signature && signer ? { signature, signer } : null;
  });
  return hash && signatures && { ...hash, signatures };
}

function readDsse2(spec: JsonObject): Spec | null {
  const record = objectOf(spec.dsseV002);
  const hash = readProtoHash(record?.payloadHash);
  const signatures = listOf(record?.signatures, MAX_SIGNATURES, readProtoSignature);
  return hash && signatures && { ...hash, signatures };
}

function readInToto(spec: JsonObject): Spec | null {
  const content = objectOf(spec.content);
  const hash = readHash(content?.payloadHash);
  const signatures = listOf(objectOf(content?.envelope)?.signatures, MAX_SIGNATURES, (one) => {
    const inner = base64Of(objectOf(one)?.sig);
    const text = inner && decodeUtf8(inner);
    const signature = text?.ok ? base64Of(text.value) : null;
    const signer = readPemSigner(objectOf(one)?.publicKey);
    return signature && signer ? { signature, signer } : null;
  });
  return hash && signatures && { ...hash, signatures };
}

const HASH_NAMES: Readonly<Record<string, { algorithm: ShaAlgorithm; bytes: number }>> = {
  sha256: { algorithm: 'sha-256', bytes: 32 },
  sha384: { algorithm: 'sha-384', bytes: 48 },
  sha512: { algorithm: 'sha-512', bytes: 64 },
  SHA2_256: { algorithm: 'sha-256', bytes: 32 },
  SHA2_384: { algorithm: 'sha-384', bytes: 48 },
  SHA2_512: { algorithm: 'sha-512', bytes: 64 },
};

function readHash(value: JsonValue | undefined): Pick<RekorBody, 'algorithm' | 'digest'> | null {
  const hash = objectOf(value);
  return namedHash(hash?.algorithm, hexOf(hash?.value));
}

/** `HashOutput` of Sigstore's protocol buffers. */
export function readProtoHash(value: JsonValue | undefined): Pick<RekorBody, 'algorithm' | 'digest'> | null {
  const hash = objectOf(value);
  return namedHash(hash?.algorithm, base64Of(hash?.digest));
}

function namedHash(
  name: JsonValue | undefined,
  digest: Uint8Array | null,
): Pick<RekorBody, 'algorithm' | 'digest'> | null {
  const known = typeof name === 'string' && Object.hasOwn(HASH_NAMES, name) ? HASH_NAMES[name] : undefined;
  return known && digest?.length === known.bytes ? { algorithm: known.algorithm, digest } : null;
}

function readProtoSignature(value: JsonValue | undefined): BodySignature | null {
  const signature = base64Of(objectOf(value)?.content);
  const verifier = objectOf(objectOf(value)?.verifier);
  const publicKey = base64Of(objectOf(verifier?.publicKey)?.rawBytes);
  const certificate = base64Of(objectOf(verifier?.x509Certificate)?.rawBytes);
  if (!signature || (publicKey === null) === (certificate === null)) return null;
  const signer = certificate ? readSigner(certificate) : publicKey && { publicKey, certificate: null };
  return signer && { signature, signer };
}

function readPemSigner(value: JsonValue | undefined): BodySigner | null {
  const bytes = base64Of(value);
  const text = bytes && decodeUtf8(bytes);
  const block = text?.ok ? parsePemBlock(text.value) : null;
  if (!block?.ok) return null;
  const { label, der } = block.value;
  return label === 'CERTIFICATE' ? readSigner(der) : { publicKey: der, certificate: null };
}

function readSigner(der: Uint8Array): BodySigner | null {
  const certificate = parseCertificate(der);
  return certificate.ok ? { publicKey: certificate.value.publicKey, certificate: certificate.value } : null;
}
