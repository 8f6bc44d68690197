/** The lines about who signed: one signer, its certificate, what it signed over, and the chain above it. */
import { equalBytes } from '@/lib/core/bytes';
import { formatDigest, sha256 } from '@/lib/core/hash';
import { formatInstant } from '@/lib/core/instant';
import type { Check } from '@/lib/integrity/check';
import { invalid, type LineOutcome, notChecked, VALID } from '@/lib/integrity/witness/line-outcome';
import {
  OID_CONTENT_TYPE,
  OID_MESSAGE_DIGEST,
  singleValue,
} from '@/lib/integrity/witness/rfc3161/check-content';
import type { SignedData, SignerInfo } from '@/lib/integrity/witness/rfc3161/signed-data';
import {
  isSigningCertificate,
  readSigningCertificate,
  type SigningCertificate,
  type SigningCertificateCode,
} from '@/lib/integrity/witness/rfc3161/signing-certificate';
import {
  failedSignature,
  type TimestampLineCode,
  timestampLine,
} from '@/lib/integrity/witness/rfc3161/timestamp-lines';
import { hashOf } from '@/lib/integrity/witness/x509/algorithm-identifier';
import type { Certificate } from '@/lib/integrity/witness/x509/certificate';
import { verifyChain } from '@/lib/integrity/witness/x509/verify-chain';
import { verifySignature } from '@/lib/integrity/witness/x509/verify-signature';

export const OID_TIME_STAMPING = '1.3.6.1.5.5.7.3.8';
const OID_SIGNING_CERTIFICATE = '1.2.840.113549.1.9.16.2.12';
const OID_SIGNING_CERTIFICATE_V2 = '1.2.840.113549.1.9.16.2.47';

/** Certificates that were pinned, and those that came along or were given to help; only the pinned are believed. */
export interface PinnedCertificates {
  readonly anchors: readonly Certificate[];
  readonly others: readonly Certificate[];
}

/**
 * The certificate that the signer names by issuer and serial number; of several with that name, the one that it signed
 * for. Never the first, nor the one that looks like a leaf: the bag of certificates is unsigned.
 */
export function findSigner(
  signer: SignerInfo,
  { certificates }: SignedData,
  { anchors, others }: PinnedCertificates,
): Certificate | null {
  const { issuer, serialNumber } = signer;
  if (!issuer || !serialNumber) return null;
  const named = [...certificates, ...others, ...anchors].filter(
    (candidate) => equalBytes(candidate.issuer, issuer) && equalBytes(candidate.serialNumber, serialNumber),
  );
  const references = readReferences(signer);
  const isMeant = (candidate: Certificate): boolean =>
    Array.isArray(references) && references.every((reference) => isSigningCertificate(reference, candidate));
  return named.find(isMeant) ?? named[0] ?? null;
}

/** Exactly one signer, named by issuer and serial number, whose certificate is at hand and is no authority's. */
export function checkSigner(
  { signers }: SignedData,
  certificate: Certificate | null,
  pinned: PinnedCertificates,
): Check {
  const compared = "the one signer's issuer and serial number with the certificates at hand";
  const key = certificate ? { key: certificate.subjectName } : {};
  return timestampLine('signer', compared, judgeSigner(signers, certificate, pinned), key);
}

function judgeSigner(
  signers: readonly SignerInfo[],
  certificate: Certificate | null,
  pinned: PinnedCertificates,
): LineOutcome<TimestampLineCode> {
  const [signer] = signers;
  if (!signer || signers.length !== 1) {
    return invalid('signer_count', { expected: '1', computed: String(signers.length) });
  }
  const { issuer } = signer;
  if (!issuer) return invalid('signer_not_named', { expected: 'issuer and serial number' });
  if (!certificate) {
    // Whoever pins signing certificates, and none of their issuers is this one, has pinned another authority.
    const all = [...pinned.anchors, ...pinned.others];
    const isOther =
      all.some(({ extendedKeyUsage }) => extendedKeyUsage?.purposes.includes(OID_TIME_STAMPING)) &&
      !all.some(({ subject }) => equalBytes(subject, issuer));
    return isOther
      ? invalid('signer_untrusted')
      : notChecked("the signer's certificate is neither in the time stamp nor among the pinned ones");
  }
  if (certificate.isCa) return invalid('signer_is_authority');
  const { keyUsage } = certificate;
  const maySign = !keyUsage || keyUsage.has('digitalSignature') || keyUsage.has('nonRepudiation');
  return maySign ? VALID : invalid('signer_key_usage');
}

/** RFC 3161 §2.3: the extended key usage is critical and time stamping is all it has. */
export function checkPurpose(certificate: Certificate | null): Check {
  const compared = "the extended key usage of the signer's certificate with time stamping alone, critical";
  if (!certificate)
    return timestampLine('eku', compared, notChecked("the signer's certificate is not known"));
  const usage = certificate.extendedKeyUsage;
  const computed = usage ? `${usage.critical ? '' : 'not critical: '}${usage.purposes.join(', ')}` : 'none';
  const isRight = usage?.critical && usage.purposes.length === 1 && usage.purposes[0] === OID_TIME_STAMPING;
  const outcome = isRight ? VALID : invalid('purpose', { expected: OID_TIME_STAMPING, computed });
  return timestampLine('eku', compared, outcome, { key: certificate.subjectName });
}

/** There are signed attributes, and the required ones stand there once, with one value. */
export function checkAttributes(signer: SignerInfo | null): Check {
  const compared = 'the signed attributes, as the SET that is signed, with what must be among them once';
  if (!signer) return timestampLine('attributes', compared, notChecked('there is not exactly one signer'));
  if (!signer.signedBytes) return timestampLine('attributes', compared, invalid('attributes_missing'));
  const types = signer.attributes.map(({ type }) => type);
  const missing = [OID_CONTENT_TYPE, OID_MESSAGE_DIGEST].find((type) => !singleValue(signer, type));
  if (missing !== undefined) {
    return timestampLine('attributes', compared, invalid('attribute_missing', { expected: missing }));
  }
  const repeated = types.find((type, i) => types.indexOf(type) !== i);
  const outcome = repeated === undefined ? VALID : invalid('attribute_repeated', { computed: repeated });
  return timestampLine('attributes', compared, outcome);
}

/** ESS: every reference that was signed, of version 1 or 2, is to this certificate. */
export function checkSigningCertificate(signer: SignerInfo | null, certificate: Certificate | null): Check {
  const compared = "the hash of the signer's certificate with the one among the signed attributes";
  const references = signer ? readReferences(signer) : [];
  if (!Array.isArray(references)) return timestampLine('ess', compared, invalid(references));
  if (signer && references.length === 0) return timestampLine('ess', compared, invalid('ess_missing'));
  if (!certificate)
    return timestampLine('ess', compared, notChecked("the signer's certificate is not known"));
  const isSame = references.every((reference) => isSigningCertificate(reference, certificate));
  const outcome = isSame ? VALID : invalid('ess_mismatch');
  return timestampLine('ess', compared, outcome, { key: certificate.subjectName });
}

/** The signature over the signed attributes. */
export async function checkSignature(
  signer: SignerInfo | null,
  certificate: Certificate | null,
): Promise<Check> {
  const compared = "the signature over the signed attributes with the signer's public key";
  if (!certificate || !signer?.signedBytes) {
    const reason = certificate ? 'nothing was signed' : "the signer's certificate is not known";
    return timestampLine('signature', compared, notChecked(reason));
  }
  const digestAlgorithm = hashOf(signer.digestAlgorithm);
  const verified = await verifySignature({
    algorithm: signer.signatureAlgorithm,
    ...(digestAlgorithm ? { digestAlgorithm } : {}),
    publicKey: certificate.publicKey,
    message: signer.signedBytes,
    signature: signer.signature,
  });
  const outcome = verified.ok ? VALID : failedSignature(verified.code, verified.detail);
  return timestampLine('signature', compared, outcome, { key: certificate.subjectName });
}

/** A path of certificates, every one valid at the time of the stamp, to a pinned one. */
export async function checkChain(
  certificate: Certificate | null,
  { certificates }: SignedData,
  { anchors, others }: PinnedCertificates,
  genTimeMs: number | null,
): Promise<Check> {
  const when = genTimeMs === null ? 'then' : `at ${formatInstant(genTimeMs)}`;
  const compared = `the certificates above the signer, each valid ${when}, with the pinned roots`;
  if (!certificate)
    return timestampLine('chain', compared, notChecked("the signer's certificate is not known"));
  if (genTimeMs === null) return timestampLine('chain', compared, notChecked('the time could not be read'));
  if (anchors.length === 0) {
    return timestampLine('chain', compared, notChecked('no root of a time-stamping authority is pinned'));
  }
  const chain = await verifyChain({
    leaf: certificate,
    anchors,
    others: [...others, ...certificates],
    atMs: genTimeMs,
    purpose: OID_TIME_STAMPING,
  });
  if (!chain.ok) {
    const outcome = failedSignature(chain.code, chain.detail);
    return timestampLine('chain', compared, outcome, { key: certificate.subjectName });
  }
  const root = chain.value.at(-1) as Certificate;
  const trust = { name: root.subjectName, fingerprint: formatDigest('sha-256', sha256(root.der)) };
  return timestampLine('chain', compared, VALID, { key: root.subjectName, root: trust });
}

/** What the signer signed for, of both versions; the code where one cannot be read. */
function readReferences(signer: SignerInfo): SigningCertificate[] | SigningCertificateCode {
  const references: SigningCertificate[] = [];
  for (const [type, version] of [
    [OID_SIGNING_CERTIFICATE, 1],
    [OID_SIGNING_CERTIFICATE_V2, 2],
  ] as const) {
    if (!signer.attributes.some((attribute) => attribute.type === type)) continue;
    const value = singleValue(signer, type);
    const reference = value ? readSigningCertificate(value, version) : null;
    if (!reference?.ok) return reference?.code ?? 'ess_syntax';
    references.push(reference.value);
  }
  return references;
}
