import { type EvidenceAmount, measureEvidence } from '@/lib/attention/evidence-amount';
import { invariant } from '@/lib/core/invariant';
import { decideTransition } from '@/lib/escalations/decide-transition';
import type { Reading } from '@/lib/escalations/dwell';
import type { Right } from '@/lib/escalations/eligibility';
import type { DecideRequest } from '@/lib/escalations/escalation-view';
import type { Approver } from '@/lib/escalations/quorum';
import { checkReason } from '@/lib/escalations/reason';
import type { AttentionRules } from '@/lib/policy/attention-rules';
import type { Action } from '@/lib/tokens/action';
import { attentionRulesOf, findLoad } from '../attention/find-load';
import { requireFree } from '../attention/require-free';
import { requireSoundAction } from '../conditions/require-sound-action';
import { sideBySide } from '../database/side-by-side';
import type { Tx } from '../database/transaction';
import { type DrillRecord, findDrill } from '../drills/drill-record';
import { ServiceError } from '../errors';
import type { EscalationRecord } from '../escalations/escalation-record';
import { readContent } from '../escalations/read-content';
import { requireLogHealthy } from '../log/require-log-healthy';
import { type ActivePolicy, findActivePolicy, getPolicyVersion } from '../policies/get-active-policy';
import { findEligibility } from './find-eligibility';
import { activeLease } from './lease';
import { requireApprovable } from './require-approvable';
import { findReading } from './review-session-record';
import type { Reviewer } from './reviewer';

/** What a verdict rests on once nothing stands against it. */
export interface CheckedVerdict {
  /** By what right the person would sign, and in which role. */
  right: Right;
  reading: Reading;
  displayDigest: string;
  /** Everyone who approved so far. */
  approvers: Approver[];
  /** Null for a denial: it needs none of it. */
  approvable: { action: Action; tokenMinutes: number } | null;
  /** How much there was to read. */
  amount: EvidenceAmount;
  /** The version it was asked under. */
  policy: ActivePolicy;
  /** How the policy in force guards the attention of reviewers; null when it does not. */
  attention: AttentionRules | null;
  /** The drill behind it; null for a real one. */
  drill: DrillRecord | null;
}

/**
 * Everything that may stand against one person's verdict on a locked escalation. Asked when a signature is prepared and
 * again in the transaction that records it.
 * @throws ServiceError `late_verdict`, `escalation_ended`, `role_required`, `already_decided`, `self_approval`,
 * `insufficient_authority`, `outside_hours`, `duplicate_human`, `lease_held`, `not_opened`, `stale_view`, `reason_required`, `coverage_incomplete`,
 * `dwell_too_short`, `not_inspectable`, `load_limit_reached`, `policy_changed`, `log_halted`, `log_unwitnessed`, and the codes of conditions
 */
export async function checkVerdict(
  tx: Tx,
  viewer: Reviewer,
  escalation: EscalationRecord,
  request: DecideRequest,
  nowMs: number,
): Promise<CheckedVerdict> {
  const { verdict } = request;
  const allowed = decideTransition(escalation, {
    type: 'verdict',
    verdict,
    quorumReached: false,
    atMs: nowMs,
  });
  if (!allowed.ok)
    throw new ServiceError(allowed.code === 'late_verdict' ? 'late_verdict' : 'escalation_ended');
  const { tenant } = escalation;
  const person = viewer.person.id;
  const approves = verdict === 'approve';
  // All of it is read at once, and told in the order of the checks.
  // What takes the most trips, one after another, goes first.
  const sound = approves ? requireSoundAction(tx, escalation, { approvalId: null, nowMs }) : null;
  const inForce = findActivePolicy(tenant, nowMs, tx);
  const findOwnLoad = async () =>
    findLoad(tx, { tenant, person }, { nowMs, rules: attentionRulesOf(await inForce) });
  const [soundAction, eligibility, opened, shown, healthyLog, active, asked, foundDrill, load] =
    await sideBySide([
      sound,
      findEligibility(tx, viewer, escalation, { nowMs }),
      findReading(tx, { tenant, escalation: escalation.id, person }, { lock: true }),
      readContent(tx, escalation, person),
      requireLogHealthy(tx),
      inForce,
      findAskedPolicy(tx, escalation, inForce),
      findDrill(tx, escalation),
      approves ? findOwnLoad() : null,
    ]);
  const { may, right, approvers } = eligibility();
  if (!may.ok) throw new ServiceError(may.code, may.detail);
  invariant(right !== null, 'checkVerdict: somebody may decide by no right');
  const held = activeLease(escalation.lease, nowMs);
  if (held && held.person !== person) {
    throw new ServiceError('lease_held', 'Somebody else is working on this.');
  }
  const reading = opened();
  if (!reading) throw new ServiceError('not_opened', 'Open the escalation first.');
  const content = shown();
  if (
    request.actionDigest !== escalation.actionDigest ||
    request.displayDigest !== content.displayDigest ||
    request.instance !== escalation.instance ||
    request.version !== escalation.version
  ) {
    throw new ServiceError('stale_view', 'What the page shows is no longer what would be signed.');
  }
  const reason = checkReason(verdict, request.reasonCode, request.reasonText);
  if (!reason.ok) throw new ServiceError('reason_required', reason.detail);
  healthyLog();
  requireFree(load(), reading.openedAtMs);
  const [policy, drill] = [active(), foundDrill()];
  const approvable = approves
    ? await requireApprovable(tx, escalation, { content, reading, policy, drill, soundAction }, nowMs)
    : null;
  return {
    right,
    reading,
    displayDigest: content.displayDigest,
    approvers,
    approvable,
    amount: measureEvidence(content.action?.json ?? '', content.evidence),
    policy: asked(),
    attention: attentionRulesOf(policy),
    drill,
  };
}

/** The version under which the gateway asked: mostly the one that is still in force. */
async function findAskedPolicy(
  tx: Tx,
  { tenant, policy: { id, version } }: EscalationRecord,
  inForce: Promise<ActivePolicy | null>,
): Promise<ActivePolicy> {
  const active = await inForce;
  return active?.id === id && active.version === version ? active : getPolicyVersion(tenant, id, version, tx);
}
