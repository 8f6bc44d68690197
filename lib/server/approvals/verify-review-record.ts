import { decodeUtf8, equalBytes } from '@/lib/core/bytes';
import { parseDigest } from '@/lib/core/hash';
import { parseJson } from '@/lib/core/json';
import { err, ok, type Result } from '@/lib/core/result';
import { recordPayload } from '@/lib/decisions/record-payload';
import { reviewBody } from '@/lib/escalations/record-bodies';
import { statementDigest } from '@/lib/escalations/statement';
import { genesisLink, nextLink, recordDigest } from '@/lib/integrity/chain';
import { type EnvelopeKey, parseEnvelope, verifyEnvelope } from '@/lib/integrity/dsse';
import type { TokenClaims } from '@/lib/tokens/claims';
import { consoleStream } from '../config';
import type { Tx } from '../database/transaction';
import { getSigningKey } from '../keys/key-directory';

export type ReviewRecordFault =
  | 'record_missing'
  | 'record_foreign'
  | 'record_signature'
  | 'record_link'
  | 'record_statement';

/**
 * Reads the review record that a token rests on again, from the bytes: stored where the token says, signed by this
 * console's journal key, linked to its predecessor as the chain and the token say, and holding the statement that the
 * token names.
 */
export async function verifyReviewRecord(
  tx: Tx,
  tenant: string,
  claims: TokenClaims,
): Promise<Result<true, ReviewRecordFault>> {
  const { stream, position, link } = claims.record;
  if (stream !== consoleStream(tenant)) return err('record_foreign');
  const rows = await tx.query<{ position: number; envelope: Uint8Array; link: Uint8Array }>(
    'SELECT position, envelope, link FROM records WHERE stream = $1 AND position IN ($2::bigint, $2::bigint - 1)',
    [stream, position],
  );
  const record = rows.rows.find((row) => row.position === position);
  const before = rows.rows.find((row) => row.position === position - 1);
  if (!record || (position > 1 && !before)) return err('record_missing');
  const bytes = new Uint8Array(record.envelope);
  const envelope = parseEnvelope(bytes);
  if (!envelope.ok) return err('record_signature');
  const verified = verifyEnvelope(envelope.value, await listJournalKeys(tx));
  if (!verified.ok) return err('record_signature');
  const previous = before ? new Uint8Array(before.link) : genesisLink(stream);
  const computed = nextLink(previous, position, recordDigest(bytes));
  const named = parseDigest(link);
  if (
    !equalBytes(computed, new Uint8Array(record.link)) ||
    !named.ok ||
    !equalBytes(computed, named.value.bytes)
  ) {
    return err('record_link');
  }
  return holdsStatement(envelope.value.payload, claims) ? ok(true) : err('record_statement');
}

function holdsStatement(payload: Uint8Array, claims: TokenClaims): boolean {
  const text = decodeUtf8(payload);
  const json = text.ok ? parseJson(text.value) : text;
  const record = json.ok ? recordPayload.safeParse(json.value) : null;
  const body =
    record?.success && record.data.kind === 'review' ? reviewBody.safeParse(record.data.body) : null;
  if (!body?.success) return false;
  const { statement, statement_digest } = body.data;
  const last = claims.approvals.at(-1);
  return (
    statementDigest(statement) === statement_digest &&
    statement.verdict === 'approve' &&
    statement.escalation === claims.task_id &&
    statement.action_digest === claims.authorization_details[0]?.action_digest &&
    last?.statement_digest === statement_digest
  );
}

/** The journal's key and those it had before; keys stay published for ever. */
async function listJournalKeys(tx: Tx): Promise<EnvelopeKey[]> {
  const found = await tx.query<{ keyid: string; public_key: Uint8Array }>(
    `SELECT keyid, public_key FROM console_keys WHERE purpose = 'journal'`,
  );
  const { keyid, publicKey } = getSigningKey('journal');
  return [
    { keyid, publicKey },
    ...found.rows.map((row) => ({ keyid: row.keyid, publicKey: new Uint8Array(row.public_key) })),
  ];
}
