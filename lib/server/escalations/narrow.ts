import { utf8 } from '@/lib/core/bytes';
import { formatHex } from '@/lib/core/encoding';
import { formatDigest, sha256 } from '@/lib/core/hash';
import { checkNarrowing, type Narrowing, narrowRuleOf } from '@/lib/escalations/check-narrowing';
import { decideTransition } from '@/lib/escalations/decide-transition';
import type { NarrowRequest } from '@/lib/escalations/flow-view';
import { readAction } from '@/lib/policy/action-facts';
import { type Action, actionDigest, formatAction, parseAction } from '@/lib/tokens/action';
import { decideNow } from '../access/decide-now';
import { insertEvaluation } from '../access/insert-evaluation';
import { nowMs as clockNowMs } from '../clock';
import { inTransaction, type Tx } from '../database/transaction';
import { findDrill } from '../drills/drill-record';
import { ServiceError } from '../errors';
import { requirePending } from '../flow/require-pending';
import { type ActivePolicy, getActivePolicy } from '../policies/get-active-policy';
import { newId, newRandomBytes } from '../random';
import { findEligibility } from '../reviews/find-eligibility';
import { findVerdicts } from '../reviews/find-verdicts';
import { activeLease } from '../reviews/lease';
import { findReading } from '../reviews/review-session-record';
import type { Reviewer } from '../reviews/reviewer';
import { endEscalation } from './end-escalation';
import type { EscalationRecord } from './escalation-record';
import type { EvaluationRecord } from './find-evaluation';
import { openEscalation } from './open-escalation';
import { readActionOf } from './read-content';
import { requireSubmittable } from './require-submittable';

const REQUESTABLE_MS = 5 * 60_000;

/**
 * Makes a narrower request out of one that nobody has given a verdict on: the old one ends superseded, the new one waits
 * with its own digest, until the same time and never longer. Nothing is approved by it; whether its editor may approve it
 * is the policy's `editorMayApprove`. The gateway must propose exactly these bytes.
 * @returns the new request's id and what was narrowed
 * @throws ServiceError `escalation_unknown`, `escalation_ended`, `edit_after_approval`, `lease_held`, `not_opened`,
 * `stale_view`, `policy_changed`, `malformed_request`, `edit_widens`, `edit_unchanged`, `not_requestable`, or the code of
 * `mayDecide`
 */
export async function narrowEscalation(
  viewer: Reviewer,
  id: string,
  request: NarrowRequest,
  { nowMs = clockNowMs() } = {},
): Promise<{ successor: string; narrowed: Narrowing[] }> {
  const tenant = viewer.tenant.id;
  return inTransaction(async (tx) => {
    const escalation = await requirePending(tx, { tenant, id }, { nowMs });
    const next = decideTransition(escalation, { type: 'supersession' });
    if (!next.ok) throw new ServiceError('escalation_ended');
    await requireEditor(tx, viewer, escalation, request, nowMs);
    const policy = await getActivePolicy(tenant, nowMs, tx);
    if (policy.id !== escalation.policy.id || policy.digest !== escalation.policy.digest)
      throw new ServiceError('policy_changed', 'The policy has changed since: the gateway must ask again.');
    const { action, narrowed } = await requireNarrower(tx, escalation, policy, request);
    // Asked last: of a first verdict nobody learns by trying, only by an edit that would otherwise have been made.
    if ((await findVerdicts(tx, escalation)).length > 0) throw new ServiceError('edit_after_approval');
    const superseded = { editedBy: viewer.person.id, narrowed: narrowed.map(({ pointer }) => pointer) };
    // A drill has no successor: what comes of a practice must never be able to count. Its end discloses it.
    if (await findDrill(tx, { tenant, id })) {
      await endEscalation(tx, escalation, 'superseded', { nowMs });
      return { successor: id, narrowed };
    }
    const evaluation = await evaluateNarrowed(tx, escalation, policy, action, nowMs);
    const successor = newId('esc', nowMs);
    // The old one's end stands in the journal before the new one's beginning.
    await endEscalation(tx, escalation, 'superseded', {
      nowMs,
      superseded: { by: successor, ...superseded },
    });
    await openEscalation(tx, {
      id: successor,
      tenant,
      gateway: escalation.gateway,
      gatewayKey: escalation.gatewayKey,
      // Nobody can have chosen it; the gateway's own takes its place when it proposes the narrowed action.
      idempotencyKey: `narrowed-${formatHex(newRandomBytes(16))}`,
      requestDigest: formatDigest('sha-256', sha256(utf8(formatAction(action)))),
      evaluation,
      policy,
      action,
      evidence: undefined,
      keptEvidence: await findStored(tx, tenant, escalation.evidenceRef),
      subjects: escalation.subjects,
      decisionId: escalation.decision ?? undefined,
      callback: escalation.callback,
      narrowed: { from: id, by: viewer.person.id },
      expiresAtMs: escalation.expiresAtMs,
      nowMs,
    });
    return { successor, narrowed };
  });
}

/** Only somebody who may decide it, works on it, and was shown these very bytes. */
async function requireEditor(
  tx: Tx,
  viewer: Reviewer,
  escalation: EscalationRecord,
  request: NarrowRequest,
  nowMs: number,
): Promise<void> {
  const { may } = await findEligibility(tx, viewer, escalation, { nowMs });
  if (!may.ok) throw new ServiceError(may.code, may.detail);
  const held = activeLease(escalation.lease, nowMs);
  if (held && held.person !== viewer.person.id)
    throw new ServiceError('lease_held', 'Somebody else is working on this.');
  const { tenant, id } = escalation;
  if (!(await findReading(tx, { tenant, escalation: id, person: viewer.person.id })))
    throw new ServiceError('not_opened', 'Open the escalation first.');
  if (request.actionDigest !== escalation.actionDigest || request.version !== escalation.version)
    throw new ServiceError('stale_view', 'What the page shows is no longer what would be edited.');
}

async function requireNarrower(
  tx: Tx,
  escalation: EscalationRecord,
  policy: ActivePolicy,
  request: NarrowRequest,
): Promise<{ action: Action; narrowed: Narrowing[] }> {
  const original = await readActionOf(tx, escalation);
  if (!original)
    throw new ServiceError('stale_view', 'The action can no longer be shown as it was submitted.');
  const edited = parseAction(request.action);
  if (!edited.ok) throw new ServiceError('malformed_request', `The action: ${edited.detail ?? edited.code}.`);
  const { tool, problem } = readAction(policy.document, edited.value);
  const narrowed = checkNarrowing(original.value, edited.value, narrowRuleOf(tool));
  if (!narrowed.ok)
    throw new ServiceError(narrowed.code, narrowed.detail && `At ${narrowed.detail.slice(0, 300)}.`);
  if (problem) throw new ServiceError('malformed_request', `The action: ${problem}.`);
  const { subject, resource, action, context } = edited.value;
  requireSubmittable({ subject, resource, action, context, evaluation_id: escalation.evaluation });
  return { action: edited.value, narrowed: narrowed.value };
}

/**
 * The policy's word on the narrowed action, kept as an evaluation of its own. Where it would now be allowed, the rule that
 * asked people stays: a person has begun to decide it. Where it is refused for good, there is nothing to ask.
 */
async function evaluateNarrowed(
  tx: Tx,
  escalation: EscalationRecord,
  policy: ActivePolicy,
  action: Action,
  nowMs: number,
): Promise<Omit<EvaluationRecord, 'actionDigest' | 'requestable' | 'expiresAtMs'>> {
  const decision = await decideNow(tx, { tenant: escalation.tenant, policy, action, nowMs });
  if (decision.verdict !== 'allow' && !decision.requestable)
    throw new ServiceError('not_requestable', 'Nobody can lift the refusal of the narrowed action.');
  const asked =
    decision.verdict === 'allow'
      ? {
          ...decision,
          verdict: 'escalate' as const,
          requestable: true,
          control: escalation.control,
          rule: escalation.rule,
          reasonCode: escalation.reasonCode,
          quorum: escalation.quorum,
        }
      : decision;
  const id = newId('evl', nowMs);
  await insertEvaluation(
    tx,
    { tenant: escalation.tenant, producerId: escalation.gateway },
    { id, decision: asked, policy, actionDigest: actionDigest(action), expiresAtMs: nowMs + REQUESTABLE_MS },
    nowMs,
  );
  return {
    id,
    control: asked.control ?? escalation.control,
    rule: asked.rule ?? escalation.rule,
    reasonCode: asked.reasonCode,
    tier: asked.tier,
    policy: { id: policy.id, version: policy.version, digest: policy.digest },
    quorum: asked.quorum,
    measured: asked.measured,
    budgets: asked.budgets,
  };
}

/** The evidence is the same bytes: the new request refers to them, with their digest. */
async function findStored(
  tx: Tx,
  tenant: string,
  ref: string | null,
): Promise<{ ref: string; digest: string | undefined } | null> {
  if (ref === null) return null;
  const found = await tx.query<{ digest: string }>(
    'SELECT digest FROM payloads WHERE tenant = $1 AND ref = $2',
    [tenant, ref],
  );
  return { ref, digest: found.rows[0]?.digest };
}
