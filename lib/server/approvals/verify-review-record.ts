import { checkAuthor, checkPlace } from '@/lib/conditions/check-stored-record';
import { equalBytes } from '@/lib/core/bytes';
import { parseDigest } from '@/lib/core/hash';
import { err, ok, type Result } from '@/lib/core/result';
import type { RecordPayload } from '@/lib/decisions/record-payload';
import { reviewBody } from '@/lib/escalations/record-bodies';
import { statementDigest } from '@/lib/escalations/statement';
import type { TokenClaims } from '@/lib/tokens/claims';
import { listKnownKeys, signersOf } from '../conditions/list-known-keys';
import { readStoredRecords } from '../conditions/read-stored-records';
import { consoleProducer, consoleStream } from '../config';
import type { Tx } from '../database/transaction';

export type ReviewRecordFault =
  | 'record_missing'
  | 'record_foreign'
  | 'record_signature'
  | 'record_link'
  | 'record_statement';

/**
 * Reads the review record that a token rests on again, from the bytes: stored where the token says, linked to its
 * neighbours as the chain, the log and the token say, signed by a journal key of this console that was in force, and
 * holding the statement that the token names.
 */
export async function verifyReviewRecord(
  tx: Tx,
  tenant: string,
  claims: TokenClaims,
): Promise<Result<true, ReviewRecordFault>> {
  const { stream, position, link } = claims.record;
  if (stream !== consoleStream(tenant)) return err('record_foreign');
  const [record] = await readStoredRecords(tx, [{ stream, position }]);
  if (!record?.row) return err('record_missing');
  const placed = checkPlace(record);
  if (!placed.ok) return err(placed.code === 'predecessor_missing' ? 'record_missing' : 'record_link');
  const named = parseDigest(link);
  if (!named.ok || !equalBytes(record.row.link, named.value.bytes)) return err('record_link');
  const author = checkAuthor(record, consoleProducer(), await listKnownKeys(tx, signersOf([record])));
  if (!author.ok) return err('record_signature');
  return holdsStatement(author.value.payload, claims) ? ok(true) : err('record_statement');
}

function holdsStatement(payload: RecordPayload, claims: TokenClaims): boolean {
  const body = payload.kind === 'review' ? reviewBody.safeParse(payload.body) : null;
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
