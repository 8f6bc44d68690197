import { utf8 } from '@/lib/core/bytes';
import { jwkThumbprint } from '@/lib/core/ed25519';
import { formatBase64url } from '@/lib/core/encoding';
import { formatDigest, sha256 } from '@/lib/core/hash';
import { formatInstant, parseInstant } from '@/lib/core/instant';
import { formatCanonicalJson, type JsonValue } from '@/lib/core/json';
import { traceId } from '@/lib/decisions/record-payload';
import type { AccessTask, SubmitRequest } from '@/lib/escalations/access-request';
import { decideQuorum } from '@/lib/escalations/quorum';
import { readAction } from '@/lib/policy/action-facts';
import { describeAction } from '@/lib/policy/describe-action';
import { type Action, actionDigest, formatAction } from '@/lib/tokens/action';
import { nowMs as clockNowMs } from '../clock';
import { inTransaction, type Tx } from '../database/transaction';
import { ServiceError } from '../errors';
import { publishEvent } from '../events/publish-event';
import { requireRequestingKind } from '../machine-auth/require-kind';
import type { ProducerCaller } from '../machine-auth/require-producer';
import { notifyOfEscalation } from '../notifications/notify-of-escalation';
import { storePayload } from '../payloads/store-payload';
import { getActivePolicy } from '../policies/get-active-policy';
import { newId, newRandomBytes } from '../random';
import { journal } from '../records/journal';
import { classOf } from './class-of';
import { type EvaluationRecord, findEvaluation } from './find-evaluation';
import { formatTask } from './format-task';
import { requireSubmittable } from './require-submittable';

export interface Submission {
  task: AccessTask;
  /** False when the same request was submitted before: the answer is the same task. */
  created: boolean;
}

/**
 * Asks people for one exact action that the decision point refused but called requestable. Idempotent on
 * (gateway, `Idempotency-Key`): the same body gives the same task.
 * @throws ServiceError `producer_kind`, `malformed_request`, `request_too_large`, `duplicate_request`,
 * `evaluation_unknown`, `evaluation_expired`, `evaluation_mismatch`, `not_requestable`, `expired_request`
 */
export async function submitEscalation(
  caller: ProducerCaller,
  input: { idempotencyKey: string; request: SubmitRequest },
  { nowMs = clockNowMs() } = {},
): Promise<Submission> {
  requireRequestingKind(caller);
  const { request } = input;
  if (request.callback !== undefined) {
    throw new ServiceError(
      'malformed_request',
      'Callbacks must be registered first, and none can be yet: poll the task.',
    );
  }
  const action = requireSubmittable(request);
  const requestDigest = formatDigest('sha-256', sha256(utf8(formatCanonicalJson(request as JsonValue))));
  return inTransaction(async (tx) => {
    await lockRequest(tx, caller, input);
    const earlier = await findEarlier(tx, caller, input);
    if (earlier) {
      if (earlier.requestDigest !== requestDigest || earlier.idempotencyKey !== input.idempotencyKey) {
        throw new ServiceError(
          'duplicate_request',
          earlier.idempotencyKey === input.idempotencyKey
            ? 'This Idempotency-Key was used with another body.'
            : 'This evaluation was submitted before under another Idempotency-Key.',
        );
      }
      return { task: await formatTask(tx, { tenant: caller.tenant, id: earlier.id }), created: false };
    }
    const id = await insertEscalation(tx, caller, { ...input, action, requestDigest, nowMs });
    return { task: await formatTask(tx, { tenant: caller.tenant, id }), created: true };
  });
}

/** Serialises submissions of one key and of one evaluation, in that order everywhere. */
async function lockRequest(
  tx: Tx,
  caller: ProducerCaller,
  input: { idempotencyKey: string; request: SubmitRequest },
): Promise<void> {
  const names = [
    `escalation-key ${caller.tenant} ${caller.producerId} ${input.idempotencyKey}`,
    `escalation-evaluation ${caller.tenant} ${input.request.evaluation_id}`,
  ];
  for (const name of names) await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [name]);
}

async function findEarlier(
  tx: Tx,
  caller: ProducerCaller,
  input: { idempotencyKey: string; request: SubmitRequest },
): Promise<{ id: string; requestDigest: string; idempotencyKey: string } | null> {
  const found = await tx.query<{ id: string; request_digest: string; idempotency_key: string }>(
    `SELECT id, request_digest, idempotency_key FROM escalations
      WHERE tenant = $1 AND gateway = $2 AND (idempotency_key = $3 OR evaluation = $4)
      ORDER BY (idempotency_key = $3) DESC LIMIT 1`,
    [caller.tenant, caller.producerId, input.idempotencyKey, input.request.evaluation_id],
  );
  const row = found.rows[0];
  return row ? { id: row.id, requestDigest: row.request_digest, idempotencyKey: row.idempotency_key } : null;
}

async function insertEscalation(
  tx: Tx,
  caller: ProducerCaller,
  input: {
    idempotencyKey: string;
    request: SubmitRequest;
    action: Action;
    requestDigest: string;
    nowMs: number;
  },
): Promise<string> {
  const { request, action, nowMs } = input;
  const { tenant } = caller;
  const digest = actionDigest(action);
  const evaluation = await requireEvaluation(tx, caller, request.evaluation_id, digest, nowMs);
  const policy = await getActivePolicy(tenant, nowMs, tx);
  if (policy.id !== evaluation.policy.id || policy.version !== evaluation.policy.version) {
    throw new ServiceError('evaluation_expired', 'The policy has changed since: evaluate again.');
  }
  const expiresAtMs = requireExpiry(request, nowMs, policy.document.review.waitMinutes);
  const reading = readAction(policy.document, action);
  const { facts } = reading;
  const id = newId('esc', nowMs);
  const instance = formatBase64url(newRandomBytes(16));
  const tokens = (request.subjects ?? []).map(({ token }) => token);
  const subjects = [...tokens, ...(facts.principal ? [facts.principal.token] : [])];
  const kept = {
    tenant,
    subjects: subjects.length > 0 ? subjects : [facts.agent],
    agent: facts.agent,
    mediaType: 'application/json',
  };
  const actionPayload = await storePayload(
    tx,
    { ...kept, kind: 'escalation_action', bytes: utf8(formatAction(action)) },
    { nowMs },
  );
  const evidencePayload = request.evidence
    ? await storePayload(
        tx,
        { ...kept, kind: 'escalation_evidence', bytes: utf8(JSON.stringify(request.evidence)) },
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
       quorum, measured, budgets, created_at, expires_at, counterparty_class)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'pending', 1, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21,
       $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34)`,
    [
      id,
      tenant,
      caller.producerId,
      jwkThumbprint(caller.publicKey),
      input.idempotencyKey,
      input.requestDigest,
      evaluation.id,
      request.decision_id ?? null,
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
      JSON.stringify(request.subjects ?? []),
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
      gateway: caller.producerId,
      evaluation_id: evaluation.id,
      decision_id: request.decision_id,
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
      subjects: request.subjects ?? [],
      payloads: { action: actionPayload.digest, evidence: evidencePayload?.digest },
      expires_at: formatInstant(expiresAtMs),
    },
    occurredAtMs: nowMs,
  });
  return id;
}

async function requireEvaluation(
  tx: Tx,
  caller: ProducerCaller,
  id: string,
  digest: string,
  nowMs: number,
): Promise<EvaluationRecord> {
  const evaluation = await findEvaluation(tx, { tenant: caller.tenant, gateway: caller.producerId, id });
  if (!evaluation) throw new ServiceError('evaluation_unknown', 'No evaluation of yours has this id.');
  if (nowMs >= evaluation.expiresAtMs) throw new ServiceError('evaluation_expired', 'Evaluate again.');
  if (evaluation.actionDigest !== digest) {
    throw new ServiceError('evaluation_mismatch', 'The evaluation was of another action.');
  }
  if (!evaluation.requestable)
    throw new ServiceError('not_requestable', 'Nobody can lift this refusal by approving.');
  return evaluation;
}

/** The policy's waiting time, or earlier when the gateway asks for less. */
function requireExpiry(request: SubmitRequest, nowMs: number, waitMinutes: number): number {
  const latestMs = nowMs + waitMinutes * 60_000;
  if (request.expires_at === undefined) return latestMs;
  const asked = parseInstant(request.expires_at);
  if (!asked.ok || asked.value <= nowMs)
    throw new ServiceError('expired_request', '"expires_at" has passed.');
  return Math.min(asked.value, latestMs);
}
