/** The claims of an approval token (formats.md §8), from what was committed; nothing here reads a clock. */
import type { Tier } from '@/lib/decisions/record-payload';
import type { ReviewStatement } from '@/lib/escalations/record-bodies';
import { type Action, actionDigest } from '@/lib/tokens/action';
import type { TokenClaims } from '@/lib/tokens/claims';

export interface ApprovalInput {
  approvalId: string;
  issuer: string;
  /** The gateway that asked, and the thumbprint of the key with which it did. */
  audience: string;
  audienceKey: string;
  escalationId: string;
  agent: string;
  /** The principal's token; an agent without one acts for itself. */
  principal: string | null;
  action: Action;
  tier: Tier;
  policy: { id: string; version: number; digest: string };
  /** Approving statements in the order of their decision, with their digests. */
  reviews: readonly { statement: ReviewStatement; digest: string; method: 'session' | 'passkey' }[];
  /** The completing review record. */
  record: { stream: string; position: number; link: string };
  decidedAtMs: number;
  tokenMinutes: number;
}

/** Valid from the second of the decision for `tokenMinutes`. */
export function formatClaims(input: ApprovalInput): TokenClaims {
  const issuedAt = Math.floor(input.decidedAtMs / 1000);
  const { resource, action } = input.action;
  return {
    iss: input.issuer,
    aud: input.audience,
    sub: input.agent,
    act: { sub: input.principal ?? input.agent },
    jti: input.approvalId,
    iat: issuedAt,
    nbf: issuedAt,
    exp: issuedAt + input.tokenMinutes * 60,
    task_id: input.escalationId,
    authorization_details: [
      { type: 'agent_action', action_digest: actionDigest(input.action), resource, action, tier: input.tier },
    ],
    policy: { id: input.policy.id, version: String(input.policy.version), digest: input.policy.digest },
    cnf: { jkt: input.audienceKey },
    approvals: input.reviews.map(({ statement, digest, method }) => ({
      reviewer: statement.reviewer,
      role: statement.role,
      verdict: 'approve',
      reason_code: statement.reason_code,
      opened_at: statement.opened_at,
      decided_at: statement.decided_at,
      review_dwell_ms: statement.review_dwell_ms,
      active_ms: statement.active_ms,
      coverage: statement.coverage,
      statement_digest: digest,
      method,
      ...(statement.delegation ? { on_behalf_of: statement.delegation.on_behalf_of } : {}),
      ...(statement.break_glass === undefined ? {} : { break_glass: statement.break_glass }),
    })),
    record: input.record,
  };
}
