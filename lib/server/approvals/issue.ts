import { utf8 } from '@/lib/core/bytes';
import { formatDigest, sha256 } from '@/lib/core/hash';
import { formatInstant } from '@/lib/core/instant';
import { invariant } from '@/lib/core/invariant';
import { formatCanonicalJson, type JsonValue } from '@/lib/core/json';
import { formatClaims } from '@/lib/escalations/approval-claims';
import { reviewStatement } from '@/lib/escalations/record-bodies';
import type { Action } from '@/lib/tokens/action';
import { claimsSchema, type TokenClaims } from '@/lib/tokens/claims';
import { getConfig } from '../config';
import type { Tx } from '../database/transaction';
import type { EscalationRecord } from '../escalations/escalation-record';
import { getSigningKey } from '../keys/key-directory';
import { newId } from '../random';
import type { OpenJournal } from '../records/journal';
import type { Review } from '../reviews/write-review';
import { type ApprovalRecord, approvalOf } from './find-approval';

/** Approving statements as they were committed, in the order of their records. */
type ApprovingReview = Pick<Review, 'statement' | 'digest' | 'method'>;

/**
 * Enters the claims of an approval whose quorum is complete, after its review records. The token itself is signed when
 * somebody may have it, after the commit.
 * @returns the approval, for its row (`storeApproval`)
 */
export function enterApproval(
  journal: OpenJournal,
  input: {
    escalation: EscalationRecord;
    action: Action;
    reviews: readonly ApprovingReview[];
    /** The completing review record. */
    record: Review['record'];
    tokenMinutes: number;
    nowMs: number;
  },
): ApprovalRecord {
  const { escalation, nowMs } = input;
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
      reviews: input.reviews,
      record: input.record,
      decidedAtMs: nowMs,
      tokenMinutes: input.tokenMinutes,
    }),
  );
  const { keyid } = getSigningKey('approval');
  journal.enter({
    kind: 'approval.issued',
    id,
    body: {
      approval_id: id,
      escalation_id: escalation.id,
      decision_id: escalation.decision ?? undefined,
      audience: escalation.gateway,
      kid: keyid,
      action_digest: escalation.actionDigest,
      claims_digest: formatDigest('sha-256', sha256(formatClaimsBytes(claims))),
      expires_at: formatInstant(claims.exp * 1000),
    },
    occurredAtMs: nowMs,
  });
  return approvalOf({ id, tenant: escalation.tenant, escalation: escalation.id, kid: keyid, claims });
}

/** @throws Error when the escalation is a drill: a drill approves nothing */
export async function storeApproval(tx: Tx, approval: ApprovalRecord): Promise<void> {
  const stored = await tx.query(
    `INSERT INTO approvals (id, tenant, escalation, audience, kid, claims, issued_at, expires_at)
     SELECT $1, $2, $3, $4, $5, $6, $7, $8
      WHERE NOT EXISTS (SELECT 1 FROM drills WHERE tenant = $2 AND escalation = $3)`,
    [
      approval.id,
      approval.tenant,
      approval.escalation,
      approval.audience,
      approval.kid,
      formatClaimsBytes(approval.claims),
      new Date(approval.issuedAtMs),
      new Date(approval.expiresAtMs),
    ],
  );
  invariant(stored.rowCount === 1, 'storeApproval: a drill approves nothing');
}

const formatClaimsBytes = (claims: TokenClaims): Uint8Array => utf8(formatCanonicalJson(claims as JsonValue));

/** The approvals so far of a locked escalation. */
export async function findApprovingReviews(
  tx: Tx,
  { id, tenant }: EscalationRecord,
): Promise<ApprovingReview[]> {
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
