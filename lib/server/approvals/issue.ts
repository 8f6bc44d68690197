import { utf8 } from '@/lib/core/bytes';
import { formatDigest, sha256 } from '@/lib/core/hash';
import { formatInstant } from '@/lib/core/instant';
import { invariant } from '@/lib/core/invariant';
import { formatCanonicalJson, type JsonValue } from '@/lib/core/json';
import { formatClaims } from '@/lib/escalations/approval-claims';
import { reviewStatement } from '@/lib/escalations/record-bodies';
import type { Action } from '@/lib/tokens/action';
import { claimsSchema } from '@/lib/tokens/claims';
import { getConfig } from '../config';
import { together } from '../database/side-by-side';
import type { Tx } from '../database/transaction';
import { findDrill } from '../drills/drill-record';
import type { EscalationRecord } from '../escalations/escalation-record';
import { getSigningKey } from '../keys/key-directory';
import { newId } from '../random';
import { journal } from '../records/journal';

/**
 * Commits the claims of an approval whose quorum is complete, after its review records and in the same transaction. The
 * token itself is signed when somebody may have it, after the commit.
 */
export async function issueApproval(
  tx: Tx,
  input: {
    escalation: EscalationRecord;
    action: Action;
    /** The completing review record. */
    record: { stream: string; position: number; link: string };
    tokenMinutes: number;
    nowMs: number;
  },
): Promise<void> {
  const { escalation, nowMs } = input;
  const { tenant } = escalation;
  const [drill, reviews] = await together([findDrill(tx, escalation), findApprovingReviews(tx, escalation)]);
  invariant(drill === null, 'issueApproval: a drill approves nothing');
  const id = newId('apr', nowMs);
  const claims = claimsSchema.parse(
    formatClaims({
      approvalId: id,
      issuer: getConfig().origin,
      audience: escalation.gateway,
      audienceKey: escalation.gatewayKey,
      escalationId: escalation.id,
      agent: escalation.agent,
      principal: escalation.principal,
      action: input.action,
      tier: escalation.tier,
      policy: escalation.policy,
      reviews,
      record: input.record,
      decidedAtMs: nowMs,
      tokenMinutes: input.tokenMinutes,
    }),
  );
  const bytes = utf8(formatCanonicalJson(claims as JsonValue));
  const { keyid } = getSigningKey('approval');
  const inserted = tx.query(
    `INSERT INTO approvals (id, tenant, escalation, audience, kid, claims, issued_at, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      id,
      tenant,
      escalation.id,
      escalation.gateway,
      keyid,
      bytes,
      new Date(claims.iat * 1000),
      new Date(claims.exp * 1000),
    ],
  );
  const journalled = journal(tx, {
    tenant,
    kind: 'approval.issued',
    id,
    body: {
      approval_id: id,
      escalation_id: escalation.id,
      decision_id: escalation.decision ?? undefined,
      audience: escalation.gateway,
      kid: keyid,
      action_digest: escalation.actionDigest,
      claims_digest: formatDigest('sha-256', sha256(bytes)),
      expires_at: formatInstant(claims.exp * 1000),
    },
    occurredAtMs: nowMs,
  });
  await together([inserted, journalled]);
}

async function findApprovingReviews(tx: Tx, { id, tenant }: EscalationRecord) {
  const found = await tx.query<{
    statement: Uint8Array;
    statement_digest: string;
    method: 'session' | 'passkey';
  }>(
    `SELECT statement, statement_digest, method FROM reviews
      WHERE escalation = $1 AND tenant = $2 AND verdict = 'approve' ORDER BY position`,
    [id, tenant],
  );
  return found.rows.map((row) => ({
    statement: reviewStatement.parse(JSON.parse(Buffer.from(row.statement).toString('utf8'))),
    digest: row.statement_digest,
    method: row.method,
  }));
}
