/**
 * X.509 v3 certificates (RFC 5280 §4), as far as a chain under a pinned root needs them. pkijs reads the structure; the
 * bytes that are compared or signed are kept as they were read.
 *
 *   SEQUENCE { tbsCertificate SEQUENCE { [0] version, serialNumber, signature, issuer, validity, subject,
 *              subjectPublicKeyInfo, [3] extensions }, signatureAlgorithm, signatureValue }
 */
import { BasicConstraints, ExtKeyUsage, Certificate as PkiCertificate } from 'pkijs';
import { equalBytes } from '@/lib/core/bytes';
import { formatHex } from '@/lib/core/encoding';
import { err, ok, type Result } from '@/lib/core/result';
import {
  type AlgorithmIdentifier,
  readAlgorithmIdentifier,
} from '@/lib/integrity/witness/x509/algorithm-identifier';
import { parseAsn1Time } from '@/lib/integrity/witness/x509/asn1-time';
import {
  contentsOf,
  contextTagOf,
  type DerNode,
  derOf,
  parseDer,
  sequenceOf,
  universalTagOf,
} from '@/lib/integrity/witness/x509/der';
import { describeName } from '@/lib/integrity/witness/x509/distinguished-name';

const MAX_CERTIFICATE_BYTES = 16_384;
const OID_BASIC_CONSTRAINTS = '2.5.29.19';
const OID_KEY_USAGE = '2.5.29.15';
const OID_EXTENDED_KEY_USAGE = '2.5.29.37';

export interface Certificate {
  readonly der: Uint8Array;
  /** What the issuer signed. */
  readonly tbs: Uint8Array;
  /** Contents of the INTEGER. */
  readonly serialNumber: Uint8Array;
  /** Names as DER: a chain compares bytes (RFC 5280 §4.1.2.6 wants one encoding in both places). */
  readonly issuer: Uint8Array;
  readonly subject: Uint8Array;
  /** For people; serial number and issuer where the subject has no name. */
  readonly subjectName: string;
  /** First and last moment, both inclusive, in milliseconds since the Unix epoch. */
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  /** SubjectPublicKeyInfo as DER. */
  readonly publicKey: Uint8Array;
  readonly signatureAlgorithm: AlgorithmIdentifier;
  readonly signature: Uint8Array;
  readonly isCa: boolean;
  /** Most intermediate certificates that may follow below; null for no bound. */
  readonly pathLength: number | null;
  /** Named bits, most significant first (RFC 5280 §4.2.1.3); null when the extension is absent. */
  readonly keyUsage: ReadonlySet<KeyUsage> | null;
  readonly extendedKeyUsage: { readonly critical: boolean; readonly purposes: readonly string[] } | null;
  /** OIDs of the critical extensions. */
  readonly critical: readonly string[];
}

const KEY_USAGES = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
] as const;
export type KeyUsage = (typeof KEY_USAGES)[number];

/** Reads one DER certificate of at most 16 KiB. Verifies nothing. */
export function parseCertificate(der: Uint8Array): Result<Certificate, 'certificate_syntax'> {
  const root = parseDer(der, MAX_CERTIFICATE_BYTES);
  if (!root.ok) return err('certificate_syntax', root.detail ?? root.code);
  try {
    return readCertificate(root.value);
  } catch {
    return err('certificate_syntax');
  }
}

/** May throw where pkijs does. */
function readCertificate(root: DerNode): Result<Certificate, 'certificate_syntax'> {
  const [tbs, outerAlgorithm] = sequenceOf(root);
  const fields = sequenceOf(tbs);
  const first = contextTagOf(fields[0]) === 0 ? 1 : 0;
  const [serial, innerAlgorithm, issuer, validity, subject, publicKey] = fields.slice(first);
  if (!tbs || !outerAlgorithm || !serial || !innerAlgorithm || !issuer || !subject || !publicKey) {
    return err('certificate_syntax', 'fields are missing');
  }
  const certificate = new PkiCertificate({ schema: root });
  const algorithm = readAlgorithmIdentifier(outerAlgorithm);
  const notBefore = parseAsn1Time(sequenceOf(validity)[0]);
  const notAfter = parseAsn1Time(sequenceOf(validity)[1]);
  if (certificate.version !== 2 || universalTagOf(serial) !== 2)
    return err('certificate_syntax', 'not version 3');
  if (!algorithm.ok || !equalBytes(derOf(outerAlgorithm), derOf(innerAlgorithm))) {
    return err('certificate_syntax', 'two signature algorithms');
  }
  if (!notBefore.ok || !notAfter.ok) return err('certificate_syntax', 'validity');
  if (certificate.signatureValue.valueBlock.unusedBits !== 0) return err('certificate_syntax', 'signature');
  const extensions = readExtensions(certificate);
  if (!extensions.ok) return extensions;
  return ok({
    der: derOf(root),
    tbs: derOf(tbs),
    serialNumber: contentsOf(serial),
    issuer: derOf(issuer),
    subject: derOf(subject),
    subjectName:
      describeName(certificate.subject) ||
      `number ${formatHex(contentsOf(serial))} of ${describeName(certificate.issuer)}`,
    notBeforeMs: notBefore.value,
    notAfterMs: notAfter.value,
    publicKey: derOf(publicKey),
    signatureAlgorithm: algorithm.value,
    signature: certificate.signatureValue.valueBlock.valueHexView,
    ...extensions.value,
  });
}

type ReadExtensions = Pick<Certificate, 'isCa' | 'pathLength' | 'keyUsage' | 'extendedKeyUsage' | 'critical'>;

function readExtensions({ extensions = [] }: PkiCertificate): Result<ReadExtensions, 'certificate_syntax'> {
  const seen = new Set<string>();
  const critical: string[] = [];
  let constraints: Pick<Certificate, 'isCa' | 'pathLength'> = { isCa: false, pathLength: null };
  let keyUsage: Certificate['keyUsage'] = null;
  let extendedKeyUsage: Certificate['extendedKeyUsage'] = null;
  for (const extension of extensions) {
    const { extnID } = extension;
    if (seen.has(extnID)) return err('certificate_syntax', `extension ${extnID} twice`);
    seen.add(extnID);
    if (extension.critical) critical.push(extnID);
    if (![OID_BASIC_CONSTRAINTS, OID_KEY_USAGE, OID_EXTENDED_KEY_USAGE].includes(extnID)) continue;
    const value = parseDer(extension.extnValue.valueBlock.valueHexView, MAX_CERTIFICATE_BYTES);
    if (!value.ok) return err('certificate_syntax', `extension ${extnID}`);
    if (extnID === OID_BASIC_CONSTRAINTS) {
      const { cA, pathLenConstraint } = new BasicConstraints({ schema: value.value });
      if (
        pathLenConstraint !== undefined &&
        !(typeof pathLenConstraint === 'number' && pathLenConstraint >= 0)
      ) {
        return err('certificate_syntax', 'path length');
      }
      constraints = { isCa: cA, pathLength: pathLenConstraint ?? null };
    } else if (extnID === OID_KEY_USAGE) {
      if (universalTagOf(value.value) !== 3) return err('certificate_syntax', 'key usage');
      const [, bits = 0] = contentsOf(value.value);
      keyUsage = new Set(KEY_USAGES.filter((_, bit) => (bits & (0x80 >> bit)) !== 0));
    } else {
      const { keyPurposes } = new ExtKeyUsage({ schema: value.value });
      extendedKeyUsage = { critical: extension.critical, purposes: keyPurposes };
    }
  }
  return ok({ ...constraints, keyUsage, extendedKeyUsage, critical });
}
