/**
 * What a Sigstore bundle (v0.1 to v0.3) holds beside its log entries: the signature with the digest it is over, or a DSSE
 * envelope; the certificate, or the hint of a key; time stamps of the signature.
 *
 *   {"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json","verificationMaterial":{"certificate":{"rawBytes":…},
 *    "tlogEntries":[…],"timestampVerificationData":{"rfc3161Timestamps":[{"signedTimestamp":…}]}},
 *    "messageSignature":{"messageDigest":{"algorithm":"SHA2_256","digest":…},"signature":…}}
 */
import type { JsonObject, JsonValue } from '@/lib/core/json';
import { err, ok, type Result } from '@/lib/core/result';
import { base64Of, listOf, objectOf, textOf } from '@/lib/integrity/witness/rekor/json-fields';
import { readProtoHash } from '@/lib/integrity/witness/rekor/rekor-body';

const MAX_CERTIFICATES = 16;
const MAX_TIMESTAMPS = 16;
const MAX_ENTRIES = 16;

export interface SigstoreBundle {
  /** As they came; every one must be read and verified. */
  readonly entries: readonly JsonValue[];
  /** Leaf certificate, DER; null where the bundle only hints at a key. */
  readonly certificate: Uint8Array | null;
  readonly content: BundleContent;
  /** DER of RFC 3161 responses over the signature's bytes. */
  readonly timestamps: readonly Uint8Array[];
}

export type BundleContent =
  | {
      readonly kind: 'message';
      readonly signature: Uint8Array;
      readonly digest: ReturnType<typeof readProtoHash>;
    }
  | {
      readonly kind: 'envelope';
      readonly payloadType: string;
      readonly payload: Uint8Array;
      readonly signatures: readonly Uint8Array[];
    };

/** Whether a JSON object claims to be a bundle. */
export function isSigstoreBundle(value: JsonObject): boolean {
  return Object.hasOwn(value, 'verificationMaterial');
}

/** Reads the parsed JSON of a bundle. Nothing is verified. */
export function parseSigstoreBundle(bundle: JsonObject): Result<SigstoreBundle, 'rekor_shape'> {
  const mediaType = textOf(bundle.mediaType) ?? '';
  if (!/^application\/vnd\.dev\.sigstore\.bundle(\+json;version=0\.[123]|\.v0\.3\+json)$/.test(mediaType)) {
    return err('rekor_shape', 'media type of the bundle');
  }
  const material = objectOf(bundle.verificationMaterial);
  const entries = listOf(material?.tlogEntries, MAX_ENTRIES, (entry) => entry);
  if (!material || !entries || entries.length === 0) return err('rekor_shape', 'log entries of the bundle');
  const certificate = readLeaf(material);
  if (certificate === undefined) return err('rekor_shape', 'certificate or key of the bundle');
  const content = readContent(bundle);
  if (!content) return err('rekor_shape', 'signature of the bundle');
  const stamps = objectOf(material.timestampVerificationData)?.rfc3161Timestamps ?? [];
  const timestamps = listOf(stamps, MAX_TIMESTAMPS, (one) => base64Of(objectOf(one)?.signedTimestamp));
  if (!timestamps) return err('rekor_shape', 'time stamps of the bundle');
  return ok({ entries, certificate, content, timestamps });
}

/** Exactly one of a certificate, a chain that begins with it, and the hint of a key; undefined for anything else. */
function readLeaf(material: JsonObject): Uint8Array | null | undefined {
  const { certificate, x509CertificateChain: chain, publicKey } = material;
  const given = [certificate, chain, publicKey].filter((one) => one !== undefined && one !== null);
  if (given.length !== 1) return undefined;
  if (publicKey) return objectOf(publicKey) ? null : undefined;
  const raw = (one: JsonValue): Uint8Array | null => base64Of(objectOf(one)?.rawBytes);
  if (certificate) return raw(certificate) ?? undefined;
  return listOf(objectOf(chain)?.certificates, MAX_CERTIFICATES, raw)?.[0];
}

function readContent({ messageSignature, dsseEnvelope }: JsonObject): BundleContent | null {
  const [message, envelope] = [objectOf(messageSignature), objectOf(dsseEnvelope)];
  if (message && !envelope) {
    const signature = base64Of(message.signature);
    const stated = message.messageDigest;
    const digest = readProtoHash(stated);
    if (!signature || (stated !== undefined && stated !== null && !digest)) return null;
    return { kind: 'message', signature, digest };
  }
  if (!envelope || message) return null;
  const payloadType = textOf(envelope.payloadType);
  const payload = base64Of(envelope.payload);
  const signatures = listOf(envelope.signatures, MAX_TIMESTAMPS, (one) => base64Of(objectOf(one)?.sig));
  if (payloadType === null || !payload || !signatures || signatures.length === 0) return null;
  return { kind: 'envelope', payloadType, payload, signatures };
}
