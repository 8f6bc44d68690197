import { formatDigest } from '@/lib/core/hash';
import type { ReviewPasskey, ReviewStatement } from '@/lib/escalations/record-bodies';
import { formatStatement, statementDigest } from '@/lib/escalations/statement';
import type { Tx } from '../database/transaction';
import type { EscalationRecord } from '../escalations/escalation-record';
import { impressionOf } from '../flow/impression-of';
import { newId } from '../random';
import { journal } from '../records/journal';

/**
 * Writes one person's statement as a `review` record, with the passkey's signature where there is one, and as the row that keeps them from deciding twice.
 * @returns the record that a token may name
 */
export async function writeReview(
  tx: Tx,
  input: {
    escalation: EscalationRecord;
    statement: ReviewStatement;
    /** The payload that holds the reason's words. */
    reasonRef: string;
    /** The signature over the statement's challenge; null when the session alone stands for the person. */
    passkey: ReviewPasskey | null;
    nowMs: number;
  },
): Promise<{ stream: string; position: number; link: string }> {
  const { escalation, statement, nowMs } = input;
  const { tenant } = escalation;
  const id = newId('rev', nowMs);
  const digest = statementDigest(statement);
  const method = input.passkey ? 'passkey' : 'session';
  const record = await journal(tx, {
    tenant,
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
      ...(await impressionOf(tx, escalation, statement)),
    },
    occurredAtMs: nowMs,
  });
  await tx.query(
    `INSERT INTO reviews (id, tenant, escalation, person, role, verdict, reason_code, reason_ref, statement,
       statement_digest, method, opened_at, decided_at, review_dwell_ms, active_ms, coverage, stream, position,
       delegation, on_behalf_of, break_glass)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)`,
    [
      id,
      tenant,
      escalation.id,
      statement.reviewer,
      statement.role,
      statement.verdict,
      statement.reason_code,
      input.reasonRef,
      formatStatement(statement),
      digest,
      method,
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
  return {
    stream: record.stream,
    position: record.position,
    link: formatDigest('blake2b-512', record.link),
  };
}
