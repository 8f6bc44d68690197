import { formatInstant } from '@/lib/core/instant';
import { decideTransition } from '@/lib/escalations/decide-transition';
import type { DecideRequest, DecideResponse } from '@/lib/escalations/escalation-view';
import { decideQuorum } from '@/lib/escalations/quorum';
import { checkReason } from '@/lib/escalations/reason';
import { findApproval } from '../approvals/find-approval';
import { issueApproval } from '../approvals/issue';
import { nowMs as clockNowMs } from '../clock';
import { ConditionsHold } from '../conditions/conditions-hold';
import { openConditions } from '../conditions/open-conditions';
import { getPool } from '../database/pool';
import { inTransaction, type Tx } from '../database/transaction';
import { ServiceError } from '../errors';
import { endEscalation } from '../escalations/end-escalation';
import { type EscalationRecord, findEscalation } from '../escalations/escalation-record';
import { readContent } from '../escalations/read-content';
import { publishEvent } from '../events/publish-event';
import { requireLogHealthy } from '../log/require-log-healthy';
import { findEligibility } from './find-eligibility';
import { findRepeat } from './find-repeat';
import { activeLease } from './lease';
import { requireApprovable } from './require-approvable';
import { findReading } from './review-session-record';
import type { Reviewer } from './reviewer';
import { writeReview } from './write-review';

/**
 * One person's verdict on one exact action. The review record, the verdict's row and (when the quorum is complete) the
 * approval commit together; only then is the token signed and answered. The same verdict sent again by the same person
 * is answered as it was the first time.
 * @throws ServiceError `escalation_unknown`, `late_verdict`, `escalation_ended`, `role_required`, `already_decided`,
 * `self_approval`, `insufficient_authority`, `lease_held`, `not_opened`, `stale_view`, `reason_required`,
 * `coverage_incomplete`, `dwell_too_short`, `policy_changed`, `log_halted`, `log_unwitnessed`, and the codes of conditions
 */
export async function decideEscalation(
  viewer: Reviewer,
  id: string,
  request: DecideRequest,
  { nowMs = clockNowMs() } = {},
): Promise<DecideResponse> {
  const at = { tenant: viewer.tenant.id, id };
  try {
    await inTransaction(async (tx) => {
      const escalation = await findEscalation(tx, at, { lock: true });
      if (!escalation) throw new ServiceError('escalation_unknown');
      if (await findRepeat(tx, viewer, escalation, request)) return;
      await recordVerdict(tx, viewer, escalation, request, nowMs);
    });
  } catch (error) {
    if (error instanceof ConditionsHold)
      await openConditions({ tenant: at.tenant, escalation: id }, error.found, { nowMs });
    throw error;
  }
  return formatAnswer(viewer, at, nowMs);
}

async function recordVerdict(
  tx: Tx,
  viewer: Reviewer,
  escalation: EscalationRecord,
  request: DecideRequest,
  nowMs: number,
): Promise<void> {
  const { verdict } = request;
  const asked = decideTransition(escalation, { type: 'verdict', verdict, quorumReached: false, atMs: nowMs });
  if (!asked.ok) throw new ServiceError(asked.code === 'late_verdict' ? 'late_verdict' : 'escalation_ended');
  const { may, approvers } = await findEligibility(tx, viewer, escalation);
  if (!may.ok) throw new ServiceError(may.code, may.detail);
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
  const content = await readContent(tx, escalation);
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
  const approvable =
    verdict === 'approve' ? await requireApprovable(tx, escalation, content, reading, nowMs) : null;

  const review = await writeReview(tx, viewer, {
    escalation,
    request,
    role: may.value,
    reading,
    displayDigest: content.displayDigest,
    nowMs,
  });
  const { approvals, reached } = decideQuorum(escalation.quorum, [
    ...approvers,
    ...(verdict === 'approve' ? [{ person: viewer.person.id, role: may.value }] : []),
  ]);
  const next = decideTransition(escalation, {
    type: 'verdict',
    verdict,
    quorumReached: reached,
    atMs: nowMs,
  });
  if (!next.ok) throw new ServiceError('escalation_ended');
  if (approvable && next.value === 'approved') {
    await issueApproval(tx, {
      escalation,
      action: approvable.action,
      record: review,
      tokenMinutes: approvable.tokenMinutes,
      nowMs,
    });
  }
  await tx.query('UPDATE escalations SET approvals = $3 WHERE id = $1 AND tenant = $2', [
    escalation.id,
    tenant,
    approvals,
  ]);
  if (next.value === 'pending') await keepPending(tx, escalation);
  else await endEscalation(tx, escalation, next.value, { nowMs });
}

/** An approval that completes nothing yet: the next reviewer sees a new version, and the lease is free for them. */
async function keepPending(tx: Tx, { id, tenant }: EscalationRecord): Promise<void> {
  await tx.query(
    `UPDATE escalations SET version = version + 1, lease_person = NULL, lease_until = NULL
      WHERE id = $1 AND tenant = $2`,
    [id, tenant],
  );
  await publishEvent(tx, { tenant, type: 'escalation.changed', id });
}

/** Read after the commit: the token names a durable record, and signing it again gives the same bytes. */
async function formatAnswer(
  viewer: Reviewer,
  at: { tenant: string; id: string },
  nowMs: number,
): Promise<DecideResponse> {
  const pool = getPool();
  const escalation = await findEscalation(pool, at);
  const review = await pool.query<{ id: string; verdict: DecideResponse['verdict'] }>(
    'SELECT id, verdict FROM reviews WHERE escalation = $1 AND tenant = $2 AND person = $3',
    [at.id, at.tenant, viewer.person.id],
  );
  const own = review.rows[0];
  if (!escalation || !own) throw new ServiceError('escalation_unknown');
  const approval = await findApproval(pool, { tenant: at.tenant, escalation: at.id });
  return {
    reviewId: own.id,
    verdict: own.verdict,
    state: escalation.state,
    version: escalation.version,
    approvals: escalation.approvals,
    needed: decideQuorum(escalation.quorum, []).needed,
    approval: approval
      ? { id: approval.id, token: approval.token(), expiresAt: formatInstant(approval.expiresAtMs) }
      : null,
    now: formatInstant(nowMs),
  };
}
