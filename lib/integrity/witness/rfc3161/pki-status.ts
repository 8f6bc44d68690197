/**
 * `PKIStatusInfo ::= SEQUENCE { status INTEGER, statusString SEQUENCE OF UTF8String OPTIONAL, failInfo BIT STRING OPTIONAL }`
 * (RFC 3161 §2.4.2).
 */
import { decodeUtf8 } from '@/lib/core/bytes';
import { err, ok, type Result } from '@/lib/core/result';
import { contentsOf, type DerNode, sequenceOf, universalTagOf } from '@/lib/integrity/witness/x509/der';

const STATUS_NAMES = [
  'granted',
  'grantedWithMods',
  'rejection',
  'waiting',
  'revocationWarning',
  'revocationNotification',
] as const;

/** Bits of PKIFailureInfo. */
export const FAILURE_BITS = {
  badAlg: 0,
  badRequest: 2,
  badDataFormat: 5,
  timeNotAvailable: 14,
  unacceptedPolicy: 15,
  unacceptedExtension: 16,
  addInfoNotAvailable: 17,
  systemFailure: 25,
} as const;
export type FailureName = keyof typeof FAILURE_BITS;

export interface PkiStatus {
  /** Both mean that a token was issued: what it says is then checked from the token itself. */
  readonly isGranted: boolean;
  /** `rejection: badAlg (the authority's own words)`, at most 300 characters. */
  readonly words: string;
}

export function readPkiStatus(node: DerNode | undefined): Result<PkiStatus, 'status_syntax'> {
  const [status, ...rest] = sequenceOf(node);
  if (!status || universalTagOf(status) !== 2) return err('status_syntax');
  const value = contentsOf(status);
  const name = value.length === 1 ? STATUS_NAMES[value[0] as number] : undefined;
  const failures = rest.filter((part) => universalTagOf(part) === 3).flatMap(readFailures);
  const texts = rest.filter((part) => universalTagOf(part) === 16).flatMap(readTexts);
  const said = texts.length > 0 ? ` (${texts.join(' ')})` : '';
  const words = `${name ?? 'unknown status'}${failures.length > 0 ? `: ${failures.join(', ')}` : ''}${said}`;
  return ok({
    isGranted: name === 'granted' || name === 'grantedWithMods',
    words: words.replace(/[\p{Cc}\p{Cf}]/gu, '�').slice(0, 300),
  });
}

function readFailures(bits: DerNode): string[] {
  const bytes = contentsOf(bits).subarray(1);
  return Object.entries(FAILURE_BITS)
    .filter(([, bit]) => ((bytes[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0)
    .map(([name]) => name);
}

function readTexts(sequence: DerNode): string[] {
  return sequenceOf(sequence).flatMap((text) => {
    const decoded = universalTagOf(text) === 12 ? decodeUtf8(contentsOf(text)) : err('invalid_utf8');
    return decoded.ok ? [decoded.value] : [];
  });
}
