import { type EvidenceAmount, measureEvidence } from '@/lib/attention/evidence-amount';
import { invariant } from '@/lib/core/invariant';
import { decideTransition } from '@/lib/escalations/decide-transition';
import type { Reading } from '@/lib/escalations/dwell';
import type { Right } from '@/lib/escalations/eligibility';
import type { DecideRequest } from '@/lib/escalations/escalation-view';
import type { Approver } from '@/lib/escalations/quorum';
import { checkReason } from '@/lib/escalations/reason';
import type { Action } from '@/lib/tokens/action';
import { requireFree } from '../attention/require-free';
import type { Tx } from '../database/transaction';
import { ServiceError } from '../errors';
import type { EscalationRecord } from '../escalations/escalation-record';
import { readContent } from '../escalations/read-content';
import { requireLogHealthy } from '../log/require-log-healthy';
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
  const asked = decideTransition(escalation, { type: 'verdict', verdict, quorumReached: false, atMs: nowMs });
  if (!asked.ok) throw new ServiceError(asked.code === 'late_verdict' ? 'late_verdict' : 'escalation_ended');
  const { may, right, approvers } = await findEligibility(tx, viewer, escalation, { nowMs });
  if (!may.ok) throw new ServiceError(may.code, may.detail);
  invariant(right !== null, 'checkVerdict: somebody may decide by no right');
  const held = activeLease(escalation.lease, nowMs);
  if (held && held.person !== viewer.person.id) {
    throw new ServiceError('lease_held', 'Somebody else is working on this.');
  }
  const { tenant } = escalation;
  const reading = await findReading(
    tx,
    { tenant, escalation: escalation.id, person: viewer.person.id },
    { lock: true },
  );
  if (!reading) throw new ServiceError('not_opened', 'Open the escalation first.');
  const content = await readContent(tx, escalation, viewer.person.id);
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
  await requireLogHealthy(tx);
  if (verdict === 'approve') await requireFree(tx, viewer, { openedAtMs: reading.openedAtMs, nowMs });
  const approvable =
    verdict === 'approve' ? await requireApprovable(tx, escalation, content, reading, nowMs) : null;
  const amount = measureEvidence(content.action?.json ?? '', content.evidence);
  return { right, reading, displayDigest: content.displayDigest, approvers, approvable, amount };
}
