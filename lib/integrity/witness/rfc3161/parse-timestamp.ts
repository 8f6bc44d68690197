/**
 * A time stamp as it is kept (`.tsr`): the authority's whole answer, or the token out of it.
 *
 *   TimeStampResp  ::= SEQUENCE { status PKIStatusInfo, timeStampToken ContentInfo OPTIONAL }
 *   TimeStampToken ::= ContentInfo
 */
import { err, ok, type Result } from '@/lib/core/result';
import { type PkiStatus, readPkiStatus } from '@/lib/integrity/witness/rfc3161/pki-status';
import { readSignedData, type SignedData } from '@/lib/integrity/witness/rfc3161/signed-data';
import { type DerCode, parseDer, sequenceOf, universalTagOf } from '@/lib/integrity/witness/x509/der';

/** The longest published token has 8 KiB; Microsoft's have about 6. */
export const MAX_TIMESTAMP_BYTES = 65_536;

export interface Timestamp {
  /** Null for a bare token, which has none. */
  readonly status: PkiStatus | null;
  /** Null where the authority refused. */
  readonly token: SignedData | null;
}

export type TimestampCode = DerCode | 'status_syntax' | 'cms_syntax';

export function parseTimestamp(bytes: Uint8Array): Result<Timestamp, TimestampCode> {
  const root = parseDer(bytes, MAX_TIMESTAMP_BYTES);
  if (!root.ok) return root;
  const [first, second, ...more] = sequenceOf(root.value);
  if (universalTagOf(first) === 6) {
    const token = readSignedData(root.value);
    return token.ok ? ok({ status: null, token: token.value }) : token;
  }
  if (more.length > 0) return err('status_syntax');
  const status = readPkiStatus(first);
  if (!status.ok) return status;
  if (!second) return ok({ status: status.value, token: null });
  const token = readSignedData(second);
  return token.ok ? ok({ status: status.value, token: token.value }) : token;
}
