import { formatDigest } from '@/lib/core/hash';
import type { ReviewPasskey, ReviewStatement } from '@/lib/escalations/record-bodies';
import { formatStatement, statementDigest } from '@/lib/escalations/statement';
import type { Tx } from '../database/transaction';
import type { EscalationRecord } from '../escalations/escalation-record';
import type { impressionOf } from '../flow/impression-of';
import { newId } from '../random';
import type { OpenJournal } from '../records/journal';

export interface Review {
  id: string;
  statement: ReviewStatement;
  /** `sha-256:<hex>` of the statement. */
  digest: string;
  method: 'session' | 'passkey';
  /** The record that a token may name. */
  record: { stream: string; position: number; link: string };
  /** The payload that holds the reason's words. */
  reasonRef: string;
}

/**
 * Enters one person's statement as a `review` record, with the passkey's signature where there is one.
 * @returns the review, for the row that keeps them from deciding twice (`storeReview`)
 */
export function enterReview(
  journal: OpenJournal,
  input: {
    escalation: EscalationRecord;
    statement: ReviewStatement;
    reasonRef: string;
    /** The signature over the statement's challenge; null when the session alone stands for the person. */
    passkey: ReviewPasskey | null;
    /** What a machine recommended and the person thought before, where there was such a thing. */
    impression: Awaited<ReturnType<typeof impressionOf>>;
    nowMs: number;
  },
): Review {
  const { escalation, statement, reasonRef, nowMs } = input;
  const id = newId('rev', nowMs);
  const digest = statementDigest(statement);
  const method = input.passkey ? 'passkey' : 'session';
  const { stream, position, link } = journal.enter({
    kind: 'review',
    id,
    body: {
      review_id: id,
      escalation_id: escalation.id,
      decision_id: escalation.decision ?? undefined,
      statement,
      statement_digest: digest,
      method,
      passkey: input.passkey ?? undefined,
      ...input.impression,
    },
    occurredAtMs: nowMs,
  });
  const record = { stream, position, link: formatDigest('blake2b-512', link) };
  return { id, statement, digest, method, record, reasonRef };
}

export async function storeReview(
  tx: Tx,
  { id: escalation, tenant }: EscalationRecord,
  review: Review,
): Promise<void> {
  const { statement, record } = review;
  await tx.query(
    `INSERT INTO reviews (id, tenant, escalation, person, role, verdict, reason_code, reason_ref, statement,
       statement_digest, method, opened_at, decided_at, review_dwell_ms, active_ms, coverage, stream, position,
       delegation, on_behalf_of, break_glass)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)`,
    [
      review.id,
      tenant,
      escalation,
      statement.reviewer,
      statement.role,
      statement.verdict,
      statement.reason_code,
      review.reasonRef,
      formatStatement(statement),
      review.digest,
      review.method,
      statement.opened_at,
      statement.decided_at,
      statement.review_dwell_ms,
      statement.active_ms,
      statement.coverage,
      record.stream,
      record.position,
      statement.delegation?.id ?? null,
      statement.delegation?.on_behalf_of ?? null,
      statement.break_glass ?? null,
    ],
  );
}
