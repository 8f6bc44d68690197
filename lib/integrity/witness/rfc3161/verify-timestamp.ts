/**
 * What an RFC 3161 time stamp shows, against pinned roots of time-stamping authorities. Lines, in order:
 *
 *   rfc3161.format        strict DER of at most 64 KiB, a TimeStampResp or the bare token; TSTInfo version 1
 *   rfc3161.status        granted, or granted with modifications (what was modified shows in the other lines); a bare
 *                         token has no status and no such line
 *   rfc3161.imprint       algorithm among SHA-256, SHA-384, SHA-512, and equal to the digest of what was stamped
 *   rfc3161.nonce         only when the caller knows the nonce of the request
 *   rfc3161.signer        exactly one SignerInfo; certificate by issuer and serial number; no authority's
 *   rfc3161.eku           critical, and only time stamping
 *   rfc3161.content-type  TSTInfo in the envelope and among the signed attributes
 *   rfc3161.digest        messageDigest is that of the content
 *   rfc3161.attributes    signed attributes, each once; what is signed is their DER as a SET
 *   rfc3161.ess           hash of the signer's certificate, SigningCertificate (SHA-1 by definition) or -V2
 *   rfc3161.signature     over those attributes; SHA-1 does not count
 *   rfc3161.chain         to a pinned certificate, everything valid at the time of the stamp
 *
 * The nonce guards a request against an answer to another one; whoever asked compares it when the answer arrives. The
 * imprint is unique to one checkpoint, so a stranger's verification loses nothing without it.
 */
import type { Check } from '@/lib/integrity/check';
import { invalid, notChecked, VALID } from '@/lib/integrity/witness/line-outcome';
import {
  checkContentType,
  checkDigest,
  checkImprint,
  checkNonce,
} from '@/lib/integrity/witness/rfc3161/check-content';
import {
  checkAttributes,
  checkChain,
  checkPurpose,
  checkSignature,
  checkSigner,
  checkSigningCertificate,
  findSigner,
  type PinnedCertificates,
} from '@/lib/integrity/witness/rfc3161/check-signer';
import { parseTimestamp } from '@/lib/integrity/witness/rfc3161/parse-timestamp';
import type { SignedData } from '@/lib/integrity/witness/rfc3161/signed-data';
import { type TimestampLine, timestampLine } from '@/lib/integrity/witness/rfc3161/timestamp-lines';
import { parseTstInfo, type TstInfo } from '@/lib/integrity/witness/rfc3161/tst-info';
import { reportWitness, type Stamped, type WitnessReport } from '@/lib/integrity/witness/witness-report';
import { type Certificate, parseCertificate } from '@/lib/integrity/witness/x509/certificate';

export interface TimestampTrust {
  /** Pinned certificates, DER: roots, or intermediates where the root is not wanted. */
  readonly anchors: readonly Uint8Array[];
  /** Certificates that help to build a path, DER; not believed. */
  readonly intermediates?: readonly Uint8Array[];
}

const TOKEN_LINES: readonly TimestampLine[] = [
  'imprint',
  'signer',
  'eku',
  'content-type',
  'digest',
  'attributes',
  'ess',
  'signature',
  'chain',
];
const FORM = 'the receipt, byte for byte, with the DER form of a time stamp';

/** Never throws, whatever the receipt. `witnessedAtMs` is genTime, `witness` the subject of the signer's certificate. */
export async function verifyTimestamp(
  receipt: Uint8Array,
  stamped: Stamped,
  trust: TimestampTrust,
  options: { readonly nonce?: Uint8Array } = {},
): Promise<WitnessReport> {
  const parsed = parseTimestamp(receipt);
  if (!parsed.ok) {
    const held = parsed.detail === undefined ? {} : { computed: parsed.detail };
    return reportWitness([
      timestampLine('format', FORM, invalid(parsed.code, held)),
      ...unread(['status', ...TOKEN_LINES], 'the time stamp could not be read'),
    ]);
  }
  const { status, token } = parsed.value;
  const answer = 'the status that the authority gave with granted';
  const isRefused = status !== null && (!status.isGranted || !token);
  const words = status?.isGranted ? 'granted, but without a token' : status?.words;
  const refused = invalid('status_refused', { expected: 'granted', ...(words ? { computed: words } : {}) });
  const statusLines = status ? [timestampLine('status', answer, isRefused ? refused : VALID)] : [];
  if (!token) {
    const lines = unread(TOKEN_LINES, 'there is no token');
    return reportWitness([timestampLine('format', FORM, VALID), ...statusLines, ...lines]);
  }
  return await verifyToken(token, statusLines, stamped, readTrust(trust), options.nonce);
}

async function verifyToken(
  token: SignedData,
  statusLines: readonly Check[],
  stamped: Stamped,
  pinned: PinnedCertificates,
  nonce: Uint8Array | undefined,
): Promise<WitnessReport> {
  const parsed = parseTstInfo(token.content);
  const info = parsed.ok ? parsed.value : null;
  const held = parsed.ok || parsed.detail === undefined ? {} : { computed: parsed.detail };
  const format = timestampLine('format', FORM, parsed.ok ? VALID : invalid(parsed.code, held));
  const signer = token.signers.length === 1 ? (token.signers[0] ?? null) : null;
  const certificate = signer ? findSigner(signer, token, pinned) : null;
  const checks = [
    format,
    ...statusLines,
    ...checkInfo(info, stamped, nonce),
    checkSigner(token, certificate, pinned),
    checkPurpose(certificate),
    checkContentType(token, signer),
    checkDigest(token, signer),
    checkAttributes(signer),
    checkSigningCertificate(signer, certificate),
    await checkSignature(signer, certificate),
    await checkChain(certificate, token, pinned, info?.genTimeMs ?? null),
  ];
  return reportWitness(checks, {
    witnessedAtMs: info?.genTimeMs ?? null,
    witness: isIdentified(checks) && certificate ? certificate.subjectName : null,
  });
}

function checkInfo(info: TstInfo | null, stamped: Stamped, nonce: Uint8Array | undefined): Check[] {
  if (!info) return unread(nonce ? ['imprint', 'nonce'] : ['imprint'], 'what was signed could not be read');
  return [checkImprint(info, stamped), ...(nonce ? [checkNonce(info, nonce)] : [])];
}

/** The name counts once the signature, the certificate it was signed for, and its chain are VALID. */
function isIdentified(checks: readonly Check[]): boolean {
  const needed = ['rfc3161.signer', 'rfc3161.ess', 'rfc3161.signature', 'rfc3161.chain'];
  return needed.every((id) => checks.some((check) => check.id === id && check.verdict === 'valid'));
}

function unread(lines: readonly TimestampLine[], reason: string): Check[] {
  return lines.map((line) => timestampLine(line, 'nothing', notChecked(reason)));
}

function readTrust({ anchors, intermediates = [] }: TimestampTrust): PinnedCertificates {
  return { anchors: anchors.flatMap(readOne), others: intermediates.flatMap(readOne) };
}

function readOne(der: Uint8Array): Certificate[] {
  const certificate = parseCertificate(der);
  return certificate.ok ? [certificate.value] : [];
}
