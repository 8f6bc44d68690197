import { type Control, control, type Tier } from '@/lib/decisions/record-payload';
import type { BudgetState, Measured, Quorum } from '@/lib/escalations/escalation-view';
import { budgetStateSchema, measuredSchema, quorumSchema } from '@/lib/escalations/escalation-view';
import type { Tx } from '../database/transaction';

/** An answer of the decision point that a request may build on. */
export interface EvaluationRecord {
  id: string;
  actionDigest: string;
  requestable: boolean;
  control: Control;
  rule: string;
  reasonCode: string;
  tier: Tier;
  policy: { id: string; version: number; digest: string };
  /** Empty when the rule names none: the policy's own quorum holds. */
  quorum: Quorum | [];
  measured: Measured[];
  budgets: BudgetState[];
  expiresAtMs: number;
}

interface Row {
  id: string;
  action_digest: string;
  requestable: boolean;
  control: string | null;
  rule: string | null;
  reason_code: string;
  tier: Tier;
  policy_id: string;
  policy_version: number;
  policy_digest: string;
  quorum: unknown;
  measured: unknown;
  budgets: unknown;
  expires_at: Date;
}

/** The caller's own evaluation, or null: another gateway's does not exist for it. */
export async function findEvaluation(
  tx: Tx,
  at: { tenant: string; gateway: string; id: string },
): Promise<EvaluationRecord | null> {
  const found = await tx.query<Row>(
    `SELECT id, action_digest, requestable, control, rule, reason_code, tier, policy_id, policy_version, policy_digest,
            quorum, measured, budgets, expires_at
       FROM evaluations WHERE id = $1 AND tenant = $2 AND gateway = $3`,
    [at.id, at.tenant, at.gateway],
  );
  const row = found.rows[0];
  if (!row) return null;
  const quorum = Array.isArray(row.quorum) && row.quorum.length > 0 ? quorumSchema.parse(row.quorum) : [];
  return {
    id: row.id,
    actionDigest: row.action_digest,
    requestable: row.requestable,
    control: control.catch('containment').parse(row.control),
    rule: row.rule ?? 'none',
    reasonCode: row.reason_code,
    tier: row.tier,
    policy: { id: row.policy_id, version: row.policy_version, digest: row.policy_digest },
    quorum: quorum as Quorum | [],
    measured: measuredSchema.array().parse(row.measured),
    budgets: budgetStateSchema.array().parse(row.budgets),
    expiresAtMs: row.expires_at.getTime(),
  };
}
