import type { z } from 'zod';
import { type Control, subjectRef, type Tier } from '@/lib/decisions/record-payload';
import type { Raised } from '@/lib/escalations/decide-raise';
import {
  type BudgetState,
  budgetStateSchema,
  type EscalationState,
  type Measured,
  measuredSchema,
  type Quorum,
  quorumSchema,
  type Sentence,
  sentenceSchema,
} from '@/lib/escalations/escalation-view';
import type { Tx } from '../database/transaction';

/** One row of `escalations`, read into the domain's types. Times are ms since the epoch. */
export interface EscalationRecord {
  id: string;
  tenant: string;
  gateway: string;
  gatewayKey: string;
  requestDigest: string;
  evaluation: string;
  decision: string | null;
  instance: string;
  state: EscalationState;
  version: number;
  actionDigest: string;
  actionRef: string;
  evidenceRef: string | null;
  sentence: Sentence;
  agent: string;
  principal: string | null;
  tool: string;
  tier: Tier;
  control: Control;
  rule: string;
  reasonCode: string;
  amount: string | null;
  currency: string | null;
  counterparty: string | null;
  subjects: z.infer<typeof subjectRef>[];
  traceId: string | null;
  policy: { id: string; version: number; digest: string };
  quorum: Quorum;
  measured: Measured[];
  budgets: BudgetState[];
  approvals: number;
  lease: { person: string; untilMs: number } | null;
  createdAtMs: number;
  expiresAtMs: number;
  endedAtMs: number | null;
  /** The request that this one came from by narrowing, and who narrowed it. */
  supersedes: string | null;
  editedBy: string | null;
  /** Whether their own verdict on it counts (the policy's word when it was narrowed). */
  editorCounts: boolean;
  /** The request that came from this one. */
  supersededBy: string | null;
  recommendationRef: string | null;
  /** Name of the gateway's registered callback channel. */
  callback: string | null;
  /** The class of the counterparty under the policy of the request; null when there is none. */
  counterpartyClass: string | null;
  /** To whom it went because nobody with authority took it, or a reviewer handed it up; null while it did not. */
  raised: Raised | null;
}

/** Columns of `escalations e` that `readEscalation` needs. */
export const ESCALATION_COLUMNS = `e.id, e.tenant, e.gateway, e.gateway_key, e.request_digest, e.evaluation, e.decision,
  e.instance, e.state, e.version, e.action_digest, e.action_ref, e.evidence_ref, e.sentence, e.agent, e.principal, e.tool,
  e.tier, e.control, e.rule, e.reason_code, trim_scale(e.amount)::text AS amount, e.currency, e.counterparty, e.subjects,
  e.trace_id, e.policy_id, e.policy_version, e.policy_digest, e.quorum, e.measured, e.budgets, e.approvals,
  e.lease_person, e.lease_until, e.created_at, e.expires_at, e.ended_at, e.counterparty_class, e.raised_at, e.raised_to,
  e.raised_reason, e.supersedes, e.superseded_by, e.edited_by, e.editor_counts, e.recommendation_ref, e.callback`;

export interface EscalationColumns {
  id: string;
  tenant: string;
  gateway: string;
  gateway_key: string;
  request_digest: string;
  evaluation: string;
  decision: string | null;
  instance: string;
  state: EscalationState;
  version: number;
  action_digest: string;
  action_ref: string;
  evidence_ref: string | null;
  sentence: unknown;
  agent: string;
  principal: string | null;
  tool: string;
  tier: Tier;
  control: Control;
  rule: string;
  reason_code: string;
  amount: string | null;
  currency: string | null;
  counterparty: string | null;
  subjects: unknown;
  trace_id: string | null;
  policy_id: string;
  policy_version: number;
  policy_digest: string;
  quorum: unknown;
  measured: unknown;
  budgets: unknown;
  approvals: number;
  lease_person: string | null;
  lease_until: Date | null;
  created_at: Date;
  expires_at: Date;
  ended_at: Date | null;
  supersedes: string | null;
  superseded_by: string | null;
  edited_by: string | null;
  editor_counts: boolean;
  recommendation_ref: string | null;
  callback: string | null;
  counterparty_class: string | null;
  raised_at: Date | null;
  raised_to: Raised['to'] | null;
  raised_reason: Raised['reason'] | null;
}

/** Throws when a stored document is not what this console wrote. */
export function readEscalation(row: EscalationColumns): EscalationRecord {
  return {
    id: row.id,
    tenant: row.tenant,
    gateway: row.gateway,
    gatewayKey: row.gateway_key,
    requestDigest: row.request_digest,
    evaluation: row.evaluation,
    decision: row.decision,
    instance: row.instance,
    state: row.state,
    version: row.version,
    actionDigest: row.action_digest,
    actionRef: row.action_ref,
    evidenceRef: row.evidence_ref,
    sentence: sentenceSchema.parse(row.sentence),
    agent: row.agent,
    principal: row.principal,
    tool: row.tool,
    tier: row.tier,
    control: row.control,
    rule: row.rule,
    reasonCode: row.reason_code,
    amount: row.amount,
    currency: row.currency,
    counterparty: row.counterparty,
    subjects: subjectRef.array().parse(row.subjects),
    traceId: row.trace_id,
    policy: { id: row.policy_id, version: row.policy_version, digest: row.policy_digest },
    quorum: quorumSchema.parse(row.quorum),
    measured: measuredSchema.array().parse(row.measured),
    budgets: budgetStateSchema.array().parse(row.budgets),
    approvals: row.approvals,
    lease:
      row.lease_person && row.lease_until
        ? { person: row.lease_person, untilMs: row.lease_until.getTime() }
        : null,
    createdAtMs: row.created_at.getTime(),
    expiresAtMs: row.expires_at.getTime(),
    endedAtMs: row.ended_at?.getTime() ?? null,
    supersedes: row.supersedes,
    supersededBy: row.superseded_by,
    editedBy: row.edited_by,
    editorCounts: row.editor_counts,
    recommendationRef: row.recommendation_ref,
    callback: row.callback,
    counterpartyClass: row.counterparty_class,
    raised:
      row.raised_at && row.raised_to && row.raised_reason
        ? { atMs: row.raised_at.getTime(), to: row.raised_to, reason: row.raised_reason }
        : null,
  };
}

/** One escalation of this tenant, or null; `lock` holds its row until the transaction ends. */
export async function findEscalation(
  tx: Tx,
  at: { tenant: string; id: string },
  { lock = false } = {},
): Promise<EscalationRecord | null> {
  const found = await tx.query<EscalationColumns>(
    `SELECT ${ESCALATION_COLUMNS} FROM escalations e WHERE e.id = $1 AND e.tenant = $2${lock ? ' FOR UPDATE' : ''}`,
    [at.id, at.tenant],
  );
  return found.rows[0] ? readEscalation(found.rows[0]) : null;
}
