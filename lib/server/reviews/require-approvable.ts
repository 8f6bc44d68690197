import { measureEvidence } from '@/lib/attention/evidence-amount';
import { minimumActive } from '@/lib/attention/minimum-active';
import { blocksNotInspectable, listNotInspectable } from '@/lib/attention/not-inspectable';
import { listCoverage, type Reading } from '@/lib/escalations/dwell';
import type { Action } from '@/lib/tokens/action';
import type { Tx } from '../database/transaction';
import type { DrillRecord } from '../drills/drill-record';
import { ServiceError } from '../errors';
import type { EscalationRecord } from '../escalations/escalation-record';
import type { EscalationContent } from '../escalations/read-content';
import { type ActivePolicy, requireInForce } from '../policies/get-active-policy';
import { requireLogWitnessed } from '../witnesses/require-log-witnessed';

/** What an approval is held against, read ahead of the checks. */
export interface Grounds {
  content: EscalationContent;
  reading: Reading;
  /** The policy in force; null when there is none. */
  policy: ActivePolicy | null;
  drill: DrillRecord | null;
  /** Throws when the evidence of the action is not whole (`requireSoundAction`). */
  soundAction: () => unknown;
}

/**
 * What an approval needs beyond a denial: the action can be shown faithfully, it was read, long enough, the policy is
 * still the one that asked, the evidence is whole, and a witness is there when the policy wants one. A denial is the safe
 * side and waits for nothing.
 * @throws ServiceError `stale_view`, `policy_missing`, `policy_changed`, `coverage_incomplete`, `dwell_too_short`, `not_inspectable`,
 * `log_unwitnessed`, and the codes of conditions
 */
export async function requireApprovable(
  tx: Tx,
  escalation: EscalationRecord,
  { content, reading, policy, drill, soundAction }: Grounds,
  nowMs: number,
): Promise<{ action: Action; tokenMinutes: number }> {
  if (!content.action)
    throw new ServiceError('stale_view', 'The action can no longer be shown as it was submitted.');
  const { policy: asked, tier } = escalation;
  const active = requireInForce(policy);
  if (active.id !== asked.id || active.version !== asked.version || active.digest !== asked.digest) {
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
  if (drill === null) soundAction();
  await requireLogWitnessed(tx, active, nowMs);
  return { action: content.action.value, tokenMinutes: review.tokenMinutes };
}
