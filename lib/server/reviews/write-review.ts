import { utf8 } from '@/lib/core/bytes';
import { formatDigest } from '@/lib/core/hash';
import { formatInstant } from '@/lib/core/instant';
import { listCoverage, type Reading, reviewDwellMs } from '@/lib/escalations/dwell';
import type { DecideRequest, Role } from '@/lib/escalations/escalation-view';
import type { ReviewStatement } from '@/lib/escalations/record-bodies';
import { formatStatement, statementDigest } from '@/lib/escalations/statement';
import type { Tx } from '../database/transaction';
import type { EscalationRecord } from '../escalations/escalation-record';
import { REASON_KEPT_MS } from '../payloads/payload-days';
import { storePayload } from '../payloads/store-payload';
import { newId } from '../random';
import { journal } from '../records/journal';
import type { Reviewer } from './reviewer';

/**
 * Writes one person's statement as a `review` record and as the row that keeps them from deciding twice. The reason's text
 * is an erasable payload; the record has its salted digest.
 * @returns the record that a token may name
 */
export async function writeReview(
  tx: Tx,
  viewer: Reviewer,
  input: {
    escalation: EscalationRecord;
    request: DecideRequest;
    role: Role;
    reading: Reading;
    displayDigest: string;
    nowMs: number;
  },
): Promise<{ stream: string; position: number; link: string }> {
  const { escalation, request, role, reading, nowMs } = input;
  const { tenant } = escalation;
  const id = newId('rev', nowMs);
  const reason = await storePayload(
    tx,
    {
      tenant,
      subject: viewer.person.id,
      mediaType: 'text/plain',
      bytes: utf8(request.reasonText),
      expiresAtMs: nowMs + REASON_KEPT_MS,
    },
    { nowMs },
  );
  const statement: ReviewStatement = {
    v: 1,
    escalation: escalation.id,
    instance: escalation.instance,
    action_digest: escalation.actionDigest,
    display_digest: input.displayDigest,
    verdict: request.verdict,
    reason_code: request.reasonCode,
    reason_digest: reason.digest,
    policy_digest: escalation.policy.digest,
    reviewer: viewer.person.id,
    role,
    opened_at: formatInstant(reading.openedAtMs),
    decided_at: formatInstant(nowMs),
    review_dwell_ms: reviewDwellMs(reading, nowMs),
    active_ms: reading.activeMs,
    coverage: listCoverage(reading.seenMs),
  };
  const digest = statementDigest(statement);
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
      method: 'session',
    },
    occurredAtMs: nowMs,
  });
  await tx.query(
    `INSERT INTO reviews (id, tenant, escalation, person, role, verdict, reason_code, reason_ref, statement,
       statement_digest, method, opened_at, decided_at, review_dwell_ms, active_ms, coverage, stream, position)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'session', $11, $12, $13, $14, $15, $16, $17)`,
    [
      id,
      tenant,
      escalation.id,
      viewer.person.id,
      role,
      request.verdict,
      request.reasonCode,
      reason.ref,
      formatStatement(statement),
      digest,
      new Date(reading.openedAtMs),
      new Date(nowMs),
      statement.review_dwell_ms,
      statement.active_ms,
      statement.coverage,
      record.stream,
      record.position,
    ],
  );
  return {
    stream: record.stream,
    position: record.position,
    link: formatDigest('blake2b-512', record.link),
  };
}
