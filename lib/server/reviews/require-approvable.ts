import { measureEvidence } from '@/lib/attention/evidence-amount';
import { minimumActive } from '@/lib/attention/minimum-active';
import { blocksNotInspectable, listNotInspectable } from '@/lib/attention/not-inspectable';
import { listCoverage, type Reading } from '@/lib/escalations/dwell';
import type { Action } from '@/lib/tokens/action';
import { requireSoundAction } from '../conditions/require-sound-action';
import { sideBySide } from '../database/side-by-side';
import type { Tx } from '../database/transaction';
import { findDrill } from '../drills/drill-record';
import { ServiceError } from '../errors';
import type { EscalationRecord } from '../escalations/escalation-record';
import type { EscalationContent } from '../escalations/read-content';
import { getActivePolicy } from '../policies/get-active-policy';
import { requireLogWitnessed } from '../witnesses/require-log-witnessed';

/** What an approval is held against; each is told, or fails, when it is asked for. */
export type Grounds = Awaited<ReturnType<typeof readGrounds>>;

/** Reads them ahead of the checks, in one go. */
export async function readGrounds(tx: Tx, escalation: EscalationRecord, nowMs: number) {
  const [policy, drill, soundAction] = await sideBySide([
    getActivePolicy(escalation.tenant, nowMs, tx),
    findDrill(tx, escalation),
    requireSoundAction(tx, escalation, { approvalId: null, nowMs }),
  ]);
  return { policy, drill, soundAction };
}

/**
 * What an approval needs beyond a denial: the action can be shown faithfully, it was read, long enough, the policy is
 * still the one that asked, the evidence is whole, and a witness is there when the policy wants one. A denial is the safe
 * side and waits for nothing.
 * @throws ServiceError `stale_view`, `policy_changed`, `coverage_incomplete`, `dwell_too_short`, `not_inspectable`,
 * `log_unwitnessed`, and the codes of conditions
 */
export async function requireApprovable(
  tx: Tx,
  escalation: EscalationRecord,
  found: { content: EscalationContent; reading: Reading; grounds: Grounds },
  nowMs: number,
): Promise<{ action: Action; tokenMinutes: number }> {
  const { content, reading, grounds } = found;
  if (!content.action)
    throw new ServiceError('stale_view', 'The action can no longer be shown as it was submitted.');
  const { policy, tier } = escalation;
  const active = grounds.policy();
  if (active.id !== policy.id || active.version !== policy.version || active.digest !== policy.digest) {
    throw new ServiceError('policy_changed', 'The policy has changed since: the gateway must ask again.');
  }
  const { review } = active.document;
  const covered = listCoverage(reading.seenMs);
  const unread = (review.requiredSections[tier] ?? []).filter((section) => !covered.includes(section));
  if (unread.length > 0) throw new ServiceError('coverage_incomplete', `Not read yet: ${unread.join(', ')}.`);
  const { totalMs } = minimumActive(review, tier, measureEvidence(content.action.json, content.evidence));
  if (reading.activeMs < totalMs) {
    throw new ServiceError(
      'dwell_too_short',
      `At least ${totalMs} ms of active reading; so far ${reading.activeMs}.`,
    );
  }
  const hidden = listNotInspectable(content.evidence, content.evidenceGone);
  if (hidden.length > 0 && blocksNotInspectable(review, tier))
    throw new ServiceError('not_inspectable', `Not inspectable: ${hidden.join('; ')}.`);
  // A drill rests on no evidence of its own: nothing is issued for it.
  if (grounds.drill() === null) grounds.soundAction();
  await requireLogWitnessed(tx, active, nowMs);
  return { action: content.action.value, tokenMinutes: review.tokenMinutes };
}
