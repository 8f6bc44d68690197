import { decodeUtf8, equalBytes } from '@/lib/core/bytes';
import { parseEcdsaPublicKey, verifyEcdsa } from '@/lib/core/ecdsa';
import { formatHex } from '@/lib/core/encoding';
import { formatDigest, SHA_HASHES, sha256 } from '@/lib/core/hash';
import { isJsonObject, parseJson } from '@/lib/core/json';
import { verifyRsa } from '@/lib/core/rsa';
import type { Check } from '@/lib/integrity/check';
import { pae } from '@/lib/integrity/dsse';
import { invalid, notChecked, VALID } from '@/lib/integrity/witness/line-outcome';
import { hexOf, listOf, objectOf } from '@/lib/integrity/witness/rekor/json-fields';
import type { BodySignature, RekorBody } from '@/lib/integrity/witness/rekor/rekor-body';
import { rekorLine } from '@/lib/integrity/witness/rekor/rekor-lines';
import type { BundleContent, SigstoreBundle } from '@/lib/integrity/witness/rekor/sigstore-bundle';
import { digestOfStamped, isStamped } from '@/lib/integrity/witness/stamped-digest';
import type { Stamped } from '@/lib/integrity/witness/witness-report';

/** The entry is about what was stamped: by digest, or as subject of the statement that a bundle's envelope holds. */
export function checkStamp(body: RekorBody, content: BundleContent | null, stamped: Stamped): Check {
  if (content?.kind === 'envelope') return checkSubject(content, stamped);
  const what =
    body.digestOf === 'payload' ? 'the digest of the payload in the entry' : 'the digest in the entry';
  const compared = `${what} with that of the stamped bytes`;
  const digest = digestOfStamped(stamped, body.algorithm);
  if (!digest) {
    return rekorLine('stamp', compared, notChecked(`the ${body.algorithm} digest of the bytes is not known`));
  }
  const [expected, computed] = [formatHex(digest), formatHex(body.digest)];
  const outcome = expected === computed ? VALID : invalid('rekor_stamp_mismatch', { expected, computed });
  return rekorLine('stamp', compared, outcome);
}

function checkSubject({ payload }: Extract<BundleContent, { kind: 'envelope' }>, stamped: Stamped): Check {
  const compared =
    'the payload of the envelope, or the subjects of the statement in it, with the stamped bytes';
  if (isStamped(stamped, payload)) return rekorLine('stamp', compared, VALID);
  const digest = digestOfStamped(stamped, 'sha-256');
  if (!digest)
    return rekorLine('stamp', compared, notChecked('the SHA-256 digest of the bytes is not known'));
  const isSubject = listSubjects(payload).some((subject) => equalBytes(subject, digest));
  const outcome = isSubject ? VALID : invalid('rekor_stamp_mismatch', { expected: formatHex(digest) });
  return rekorLine('stamp', compared, outcome);
}

/** SHA-256 digests of the subjects of an in-toto statement; none of anything else. */
function listSubjects(payload: Uint8Array): Uint8Array[] {
  const text = decodeUtf8(payload);
  const json = text.ok ? parseJson(text.value, { allowFloats: true }) : text;
  if (!json.ok || !isJsonObject(json.value)) return [];
  return (
    listOf(json.value.subject, 10_000, (subject) => hexOf(objectOf(objectOf(subject)?.digest)?.sha256)) ?? []
  );
}

/** The signature in the entry, under the key in the entry. */
export async function checkSignature(
  body: RekorBody,
  content: BundleContent | null,
  stamped: Stamped | null,
): Promise<Check> {
  const compared = 'the signature in the entry with what it is over, under the key in the entry';
  const message = signedMessage(body, content, stamped);
  for (const signature of body.signatures) {
    const verified = await verifyBodySignature(body, signature, message);
    if (verified === undefined) {
      const reason = message
        ? 'the kind of signature is not supported in this host'
        : 'what was signed is not here, only a digest of a part of it';
      return rekorLine('signature', compared, notChecked(reason));
    }
    if (!verified) return rekorLine('signature', compared, invalid('rekor_signature_invalid'));
  }
  return rekorLine('signature', compared, VALID);
}

/** The bytes that were signed, where they are here and are those of the entry. */
function signedMessage(
  body: RekorBody,
  content: BundleContent | null,
  stamped: Stamped | null,
): Uint8Array | null {
  if (content?.kind === 'envelope') return pae(content.payloadType, content.payload);
  if (body.digestOf === 'payload' || stamped?.kind !== 'bytes') return null;
  return equalBytes(SHA_HASHES[body.algorithm](stamped.bytes), body.digest) ? stamped.bytes : null;
}

/** Undefined where it cannot be told here. */
async function verifyBodySignature(
  body: RekorBody,
  { signature, signer }: BodySignature,
  message: Uint8Array | null,
): Promise<boolean | undefined> {
  const { publicKey } = signer;
  const hash = body.algorithm;
  if (parseEcdsaPublicKey(publicKey).ok) {
    if (body.digestOf === 'signed-bytes') {
      return verifyEcdsa({ publicKey, digest: body.digest, signature, encoding: 'der' });
    }
    return message ? verifyEcdsa({ publicKey, message, hash, signature, encoding: 'der' }) : undefined;
  }
  if (!message) return undefined;
  const saltBytes = SHA_HASHES[hash](message).length;
  for (const scheme of [{ name: 'pkcs1-v1.5' }, { name: 'pss', saltBytes }] as const) {
    const verified = await verifyRsa({ publicKey, scheme, hash, message, signature });
    if (verified !== false) return verified;
  }
  return isRsaKey(publicKey) ? false : undefined;
}

/** An SPKI of rsaEncryption: its AlgorithmIdentifier stands behind two short headers. */
function isRsaKey(spki: Uint8Array): boolean {
  const algorithm = Uint8Array.of(
    0x30,
    0x0d,
    0x06,
    0x09,
    0x2a,
    0x86,
    0x48,
    0x86,
    0xf7,
    0x0d,
    0x01,
    0x01,
    0x01,
  );
  return [3, 4].some((at) => equalBytes(spki.subarray(at, at + algorithm.length), algorithm));
}

/**
 * Only our anchoring key makes an entry ours. It is named as a key and not as a root: what an entry rests on is the log,
 * and nobody witnesses for himself. Whom a certificate belongs to is not evaluated.
 */
export function checkSigner(body: RekorBody, anchorKeys: readonly Uint8Array[]): Check {
  const compared = 'the key that signed the entry with the pinned anchoring keys';
  const strangers = body.signatures.filter(
    ({ signer }) => !anchorKeys.some((key) => equalBytes(key, signer.publicKey)),
  );
  const [stranger] = strangers;
  const [first] = body.signatures;
  if (!stranger && first) {
    return rekorLine('signer', compared, VALID, {
      key: `anchoring key ${fingerprintOf(first.signer.publicKey)}`,
    });
  }
  if (stranger?.signer.certificate) {
    const reason =
      'the entry was signed under a certificate; whom it belongs to, and who issued it, is not looked into';
    return rekorLine('signer', compared, notChecked(reason), {
      key: stranger.signer.certificate.subjectName,
    });
  }
  if (anchorKeys.length === 0 || !stranger) {
    return rekorLine('signer', compared, notChecked('no anchoring key is pinned'));
  }
  const computed = fingerprintOf(stranger.signer.publicKey);
  return rekorLine('signer', compared, invalid('rekor_signer_mismatch', { computed }));
}

function fingerprintOf(publicKey: Uint8Array): string {
  return formatDigest('sha-256', sha256(publicKey));
}

/** What the bundle says was signed, how and under which certificate, is what the log holds. */
export function checkBundle(body: RekorBody, { content, certificate }: SigstoreBundle): Check {
  const compared = 'signature, digest and certificate of the bundle with those in the entry';
  const mismatch = bundleMismatch(body, content, certificate);
  const outcome = mismatch ? invalid('rekor_bundle_mismatch', { computed: `another ${mismatch}` }) : VALID;
  return rekorLine('bundle', compared, outcome);
}

function bundleMismatch(
  body: RekorBody,
  content: BundleContent,
  certificate: Uint8Array | null,
): string | null {
  const logged = body.signatures.map(({ signature }) => signature);
  const stated = content.kind === 'message' ? [content.signature] : content.signatures;
  if (logged.length !== stated.length || !stated.every((one) => logged.some((two) => equalBytes(one, two)))) {
    return 'signature';
  }
  if (!isContentOf(body, content)) return 'digest';
  const isUnder = ({ signer }: BodySignature): boolean =>
    certificate === null
      ? signer.certificate === null
      : signer.certificate !== null && equalBytes(signer.certificate.der, certificate);
  return body.signatures.every(isUnder) ? null : 'certificate';
}

function isContentOf(body: RekorBody, content: BundleContent): boolean {
  if (content.kind === 'message') {
    const { digest } = content;
    if (body.digestOf !== 'signed-bytes') return false;
    return !digest || (digest.algorithm === body.algorithm && equalBytes(digest.digest, body.digest));
  }
  const signed = body.digestOf === 'payload' ? content.payload : pae(content.payloadType, content.payload);
  return equalBytes(SHA_HASHES[body.algorithm](signed), body.digest);
}
