import { equalBytes } from '@/lib/core/bytes';
import { formatBase64 } from '@/lib/core/encoding';
import { err, ok, type Result } from '@/lib/core/result';
import { type ReadRecord, readRecord } from '@/lib/decisions/read-record';
import { genesisLink, nextLink, recordDigest } from '@/lib/integrity/chain';
import { parseEnvelope, verifyEnvelope } from '@/lib/integrity/dsse';
import { formatEntry } from '@/lib/integrity/entry';
import { leafHash } from '@/lib/integrity/merkle';
import type { KnownKey, StoredRecord } from './action-evidence';

export type ChainFault =
  | 'record_missing'
  | 'predecessor_missing'
  | 'link_mismatch'
  | 'successor_mismatch'
  | 'leaf_mismatch';

/**
 * That a record stands where it was chained: its link follows from the one before and its own bytes, the next one's from
 * it, and the log holds its leaf. Three records and one leaf, however long the stream is.
 */
export function checkPlace(record: StoredRecord): Result<true, ChainFault> {
  const { stream, position, row, after, leaf } = record;
  if (!row) return err('record_missing');
  const before = position === 1 ? genesisLink(stream) : record.linkBefore;
  if (!before) return err('predecessor_missing');
  const link = nextLink(before, position, recordDigest(row.envelope));
  if (!equalBytes(link, row.link)) return err('link_mismatch');
  if (after && !equalBytes(nextLink(link, position + 1, recordDigest(after.envelope)), after.link))
    return err('successor_mismatch');
  if (leaf && !equalBytes(leafHash(formatEntry({ stream, position, link })), leaf))
    return err('leaf_mismatch');
  return ok(true);
}

export type AuthorFault =
  | 'record_unreadable'
  | 'key_unknown'
  | 'key_retired'
  | 'signature_invalid'
  | 'place_mismatch';

/** That its bytes were signed by a key of `producer` in force when they were accepted, for this very stream. */
export function checkAuthor(
  record: StoredRecord,
  producer: string | undefined,
  keys: readonly KnownKey[],
): Result<ReadRecord, AuthorFault> {
  const { row, stream } = record;
  if (!row) return err('record_unreadable');
  const read = readRecord({ envelope: formatBase64(row.envelope) });
  const envelope = parseEnvelope(row.envelope);
  if (!read.ok || !envelope.ok) return err('record_unreadable');
  const verified = verifyEnvelope(
    envelope.value,
    keys.filter((key) => key.producer === producer),
  );
  if (!verified.ok) return verified;
  const key = keys.find(({ keyid }) => keyid === verified.value.keyid);
  if (!key) return err('key_unknown');
  if (row.acceptedAtMs > (key.retiredAtMs ?? Number.POSITIVE_INFINITY)) return err('key_retired');
  if (row.acceptedAtMs < (key.validFromMs ?? Number.NEGATIVE_INFINITY)) return err('key_unknown');
  const { payload } = read.value;
  if (payload.stream !== stream || payload.producer !== producer) return err('place_mismatch');
  return read;
}
