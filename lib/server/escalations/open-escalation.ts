import { utf8 } from '@/lib/core/bytes';
import { formatBase64url } from '@/lib/core/encoding';
import { formatInstant } from '@/lib/core/instant';
import { traceId } from '@/lib/decisions/record-payload';
import type { SubmitRequest } from '@/lib/escalations/access-request';
import { decideQuorum } from '@/lib/escalations/quorum';
import { readAction } from '@/lib/policy/action-facts';
import { describeAction } from '@/lib/policy/describe-action';
import { type Action, actionDigest, formatAction } from '@/lib/tokens/action';
import type { Tx } from '../database/transaction';
import { ServiceError } from '../errors';
import { publishEvent } from '../events/publish-event';
import { notifyOfEscalation } from '../notifications/notify-of-escalation';
import { storePayload } from '../payloads/store-payload';
import type { ActivePolicy } from '../policies/get-active-policy';
import { newId, newRandomBytes } from '../random';
import { journal } from '../records/journal';
import { classOf } from './class-of';
import type { EvaluationRecord } from './find-evaluation';

/** What is put before people: an action that the policy in force escalates, and who asks. */
export interface NewEscalation {
  tenant: string;
  /** Producer id of the gateway, and the thumbprint of the key with which it asked. */
  gateway: string;
  gatewayKey: string;
  idempotencyKey: string;
  requestDigest: string;
  evaluation: Omit<EvaluationRecord, 'actionDigest' | 'requestable' | 'expiresAtMs'>;
  policy: ActivePolicy;
  action: Action;
  evidence: SubmitRequest['evidence'];
  /** Evidence that is kept already: a narrowed request has that of the one it came from. */
  keptEvidence?: { ref: string; digest: string | undefined } | null;
  /** A machine's opinion, shown after a reviewer's own first impression. */
  recommendation?: SubmitRequest['recommendation'];
  /** Name of the gateway's registered callback. */
  callback?: string | null;
  /** The request that this one narrows, and by whom. */
  narrowed?: { from: string; by: string };
  /** Default: fresh. */
  id?: string;
  subjects: { type: string; token: string }[];
  /** Whose erasure erases what was submitted; default: the subjects and the principal. */
  keptFor?: readonly string[];
  decisionId: string | undefined;
  /** 128 random bits in base64url; default: fresh. */
  instance?: string;
  expiresAtMs: number;
  nowMs: number;
}

/**
 * Puts one escalation before people: its row, its payloads, its record and the word to whoever waits for work. Everything
 * that happens when an escalation appears happens here, so that a drill appears as any other does.
 * @throws ServiceError `not_requestable` when its quorum has no place
 */
export async function openEscalation(tx: Tx, input: NewEscalation): Promise<string> {
  const { tenant, evaluation, policy, action, expiresAtMs, nowMs } = input;
  const reading = readAction(policy.document, action);
  const { facts } = reading;
  const id = input.id ?? newId('esc', nowMs);
  const instance = input.instance ?? formatBase64url(newRandomBytes(16));
  const digest = actionDigest(action);
  const tokens = input.subjects.map(({ token }) => token);
  const subjects = [...tokens, ...(facts.principal ? [facts.principal.token] : [])];
  const kept = {
    tenant,
    subjects: input.keptFor ?? (subjects.length > 0 ? subjects : [facts.agent]),
    agent: facts.agent,
    mediaType: 'application/json',
  };
  const actionPayload = await storePayload(
    tx,
    { ...kept, kind: 'escalation_action', bytes: utf8(formatAction(action)) },
    { nowMs },
  );
  const evidencePayload = input.evidence
    ? await storePayload(
        tx,
        { ...kept, kind: 'escalation_evidence', bytes: utf8(JSON.stringify(input.evidence)) },
        { nowMs },
      )
    : (input.keptEvidence ?? null);
  const recommendationPayload = input.recommendation
    ? await storePayload(
        tx,
        { ...kept, kind: 'escalation_evidence', bytes: utf8(JSON.stringify(input.recommendation)) },
        { nowMs },
      )
    : null;
  const trace = traceId.safeParse(action.context.trace_id);
  const quorum = evaluation.quorum.length > 0 ? evaluation.quorum : policy.document.review.quorum;
  if (decideQuorum(quorum, []).needed === 0)
    throw new ServiceError('not_requestable', 'No quorum can be filled.');
  await tx.query(
    `INSERT INTO escalations (id, tenant, gateway, gateway_key, idempotency_key, request_digest, evaluation, decision,
       instance, state, version, action_digest, action_ref, evidence_ref, sentence, agent, principal, tool, tier, control,
       rule, reason_code, amount, currency, counterparty, subjects, trace_id, policy_id, policy_version, policy_digest,
       quorum, measured, budgets, created_at, expires_at, counterparty_class, supersedes, edited_by,
       editor_counts, recommendation_ref, callback)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'pending', 1, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21,
       $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39)`,
    [
      id,
      tenant,
      input.gateway,
      input.gatewayKey,
      input.idempotencyKey,
      input.requestDigest,
      evaluation.id,
      input.decisionId ?? null,
      instance,
      digest,
      actionPayload.ref,
      evidencePayload?.ref ?? null,
      JSON.stringify(describeAction(action, reading)),
      facts.agent,
      facts.principal?.token ?? null,
      facts.tool,
      evaluation.tier,
      evaluation.control,
      evaluation.rule,
      evaluation.reasonCode,
      facts.amount?.amount ?? null,
      facts.amount?.currency ?? null,
      facts.counterparty,
      JSON.stringify(input.subjects),
      trace.success ? trace.data : null,
      evaluation.policy.id,
      evaluation.policy.version,
      evaluation.policy.digest,
      JSON.stringify(quorum),
      JSON.stringify(evaluation.measured),
      JSON.stringify(evaluation.budgets),
      new Date(nowMs),
      new Date(expiresAtMs),
      await classOf(tx, { tenant, document: policy.document, action, reading, nowMs }),
      input.narrowed?.from ?? null,
      input.narrowed?.by ?? null,
      policy.document.review.editorMayApprove,
      recommendationPayload?.ref ?? null,
      input.callback ?? null,
    ],
  );
  await publishEvent(tx, { tenant, type: 'escalation.submitted', id });
  await notifyOfEscalation(
    tx,
    { id, tenant, agent: facts.agent, tier: evaluation.tier, expiresAtMs },
    { kind: 'escalation.new', nowMs },
  );
  await journal(tx, {
    tenant,
    kind: 'escalation',
    id,
    body: {
      escalation_id: id,
      state: 'pending',
      gateway: input.gateway,
      evaluation_id: evaluation.id,
      decision_id: input.decisionId,
      instance,
      action_digest: digest,
      agent: facts.agent,
      principal: facts.principal?.token,
      tool: facts.tool,
      tier: evaluation.tier,
      control: evaluation.control,
      rule: evaluation.rule,
      reason_code: evaluation.reasonCode,
      policy: evaluation.policy,
      quorum,
      subjects: input.subjects,
      payloads: {
        action: actionPayload.digest,
        evidence: evidencePayload?.digest,
        recommendation: recommendationPayload?.digest,
      },
      expires_at: formatInstant(expiresAtMs),
      ...(input.narrowed ? { supersedes: input.narrowed.from, edited_by: input.narrowed.by } : {}),
    },
    occurredAtMs: nowMs,
  });
  return id;
}
