import { utf8 } from '@/lib/core/bytes';
import { jwkThumbprint } from '@/lib/core/ed25519';
import { formatDigest, sha256 } from '@/lib/core/hash';
import { parseInstant } from '@/lib/core/instant';
import { formatCanonicalJson, type JsonValue } from '@/lib/core/json';
import type { AccessTask, SubmitRequest } from '@/lib/escalations/access-request';
import { type Action, actionDigest } from '@/lib/tokens/action';
import { nowMs as clockNowMs } from '../clock';
import { inTransaction, type Tx } from '../database/transaction';
import { ServiceError } from '../errors';
import { requireRequestingKind } from '../machine-auth/require-kind';
import type { ProducerCaller } from '../machine-auth/require-producer';
import { getActivePolicy } from '../policies/get-active-policy';
import { type EvaluationRecord, findEvaluation } from './find-evaluation';
import { findNarrowed } from './find-narrowed';
import { formatTask } from './format-task';
import { openEscalation } from './open-escalation';
import { requireCallback } from './require-callback';
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
 * `evaluation_unknown`, `evaluation_expired`, `evaluation_mismatch`, `not_requestable`, `expired_request`,
 * `request_superseded`, `callback_unregistered`
 */
export async function submitEscalation(
  caller: ProducerCaller,
  input: { idempotencyKey: string; request: SubmitRequest },
  { nowMs = clockNowMs() } = {},
): Promise<Submission> {
  requireRequestingKind(caller);
  const { request } = input;
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
    const asked = {
      digest: actionDigest(action),
      idempotencyKey: input.idempotencyKey,
      requestDigest,
      nowMs,
    };
    const narrowed = await findNarrowed(tx, caller, asked);
    if (narrowed !== null)
      return { task: await formatTask(tx, { tenant: caller.tenant, id: narrowed }), created: false };
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
  return openEscalation(tx, {
    tenant,
    gateway: caller.producerId,
    gatewayKey: jwkThumbprint(caller.publicKey),
    idempotencyKey: input.idempotencyKey,
    requestDigest: input.requestDigest,
    evaluation,
    policy,
    action,
    evidence: request.evidence,
    recommendation: request.recommendation,
    callback: await requireCallback(tx, caller, request),
    subjects: request.subjects ?? [],
    decisionId: request.decision_id,
    expiresAtMs: requireExpiry(request, nowMs, policy.document.review.waitMinutes),
    nowMs,
  });
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
