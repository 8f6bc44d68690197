import { formatInstant } from '@/lib/core/instant';
import { decideTransition } from '@/lib/escalations/decide-transition';
import type { DecideRequest, DecideResponse } from '@/lib/escalations/escalation-view';
import { decideQuorum } from '@/lib/escalations/quorum';
import { findApproval } from '../approvals/find-approval';
import { issueApproval } from '../approvals/issue';
import { addSecondReviewer } from '../attention/add-second-reviewer';
import { handOver } from '../attention/hand-over';
import { noteFatigue } from '../attention/note-fatigue';
import { writeMeasure } from '../attention/write-measure';
import { nowMs as clockNowMs } from '../clock';
import { ConditionsHold } from '../conditions/conditions-hold';
import { openConditions } from '../conditions/open-conditions';
import { getPool } from '../database/pool';
import { together } from '../database/side-by-side';
import { inTransaction, type Tx } from '../database/transaction';
import { findDrill } from '../drills/drill-record';
import { findDrillView } from '../drills/find-drill-view';
import { scoreDrill } from '../drills/score-drill';
import { ServiceError } from '../errors';
import { endEscalation } from '../escalations/end-escalation';
import { type EscalationRecord, findEscalation } from '../escalations/escalation-record';
import { publishEvent } from '../events/publish-event';
import type { Ceremony } from '../passkeys/ceremonies';
import { countTelemetry } from '../telemetry/telemetry';
import { checkVerdict } from './check-verdict';
import { findRepeat } from './find-repeat';
import { recordClonedPasskey } from './record-cloned-passkey';
import type { Reviewer } from './reviewer';
import { signVerdict, takeSigning } from './sign-verdict';
import { writeReview } from './write-review';

const REPEAT_TRIES = 20;
const REPEAT_EVERY_MS = 100;

/**
 * One person's verdict on one exact action. The review record, the verdict's row and (when the quorum is complete) the
 * approval commit together; only then is the token signed and answered. The same verdict sent again by the same person
 * is answered as it was the first time.
 * @throws ServiceError `escalation_unknown`, `late_verdict`, `escalation_ended`, `role_required`, `already_decided`,
 * `self_approval`, `insufficient_authority`, `outside_hours`, `duplicate_human`, `lease_held`, `not_opened`, `stale_view`, `reason_required`,
 * `coverage_incomplete`, `dwell_too_short`, `not_inspectable`, `load_limit_reached`, `policy_changed`, `log_halted`, `log_unwitnessed`, the codes of
 * conditions, and those of `signVerdict`
 */
export async function decideEscalation(
  viewer: Reviewer,
  id: string,
  request: DecideRequest,
  { nowMs = clockNowMs() } = {},
): Promise<DecideResponse> {
  const at = { tenant: viewer.tenant.id, id };
  const ceremony = await takeSigning(request, { nowMs });
  try {
    const isNew = await inTransaction(async (tx) => {
      const escalation = await findEscalation(tx, at, { lock: true });
      if (!escalation) throw new ServiceError('escalation_unknown');
      if (await findRepeat(tx, viewer, escalation, request)) return false;
      await recordVerdict(tx, viewer, escalation, request, ceremony, nowMs);
      return true;
    });
    if (isNew) countTelemetry('countersign.verdicts', { verdict: request.verdict });
  } catch (error) {
    // The same request took the challenge a moment ago and may still be at work: its answer is this one's.
    if (request.passkey && isUnknownCeremony(error) && (await awaitRepeat(viewer, at, request)))
      return formatAnswer(viewer, at, nowMs);
    if (error instanceof ConditionsHold)
      await openConditions({ tenant: at.tenant, escalation: id }, error.found, { nowMs });
    if (request.passkey && error instanceof ServiceError && error.code === 'passkey_cloned')
      await recordClonedPasskey(viewer, request.passkey.id, { nowMs });
    throw error;
  }
  return formatAnswer(viewer, at, nowMs);
}

function isUnknownCeremony(error: unknown): boolean {
  return error instanceof ServiceError && error.code === 'ceremony_unknown';
}

/** Looks for this very verdict by this person for about two seconds: as long as another request may take to commit it. */
async function awaitRepeat(
  viewer: Reviewer,
  at: { tenant: string; id: string },
  request: DecideRequest,
): Promise<boolean> {
  for (let tries = 0; tries < REPEAT_TRIES; tries++) {
    const found = await inTransaction(async (tx) => {
      const escalation = await findEscalation(tx, at);
      return escalation ? findRepeat(tx, viewer, escalation, request) : false;
    });
    if (found) return true;
    await new Promise((resolve) => setTimeout(resolve, REPEAT_EVERY_MS));
  }
  return false;
}

async function recordVerdict(
  tx: Tx,
  viewer: Reviewer,
  escalation: EscalationRecord,
  request: DecideRequest,
  ceremony: Ceremony | null,
  nowMs: number,
): Promise<void> {
  const { verdict } = request;
  const checked = await checkVerdict(tx, viewer, escalation, request, nowMs);
  const { right, approvers, approvable, amount } = checked;
  const { tenant } = escalation;
  const [signed, , drill] = await together([
    signVerdict(tx, viewer, { escalation, request, checked, ceremony }, { nowMs }),
    writeMeasure(tx, viewer, escalation, amount),
    findDrill(tx, escalation),
  ]);
  if (drill) {
    await scoreDrill(tx, { drill, escalation, answer: signed, approvable, nowMs });
    await handOver(tx, viewer, { nowMs });
    return;
  }
  const review = await writeReview(tx, { escalation, ...signed, nowMs });
  const quorum =
    verdict === 'approve' ? await addSecondReviewer(tx, viewer, escalation, { nowMs }) : escalation.quorum;
  const { approvals, reached } = decideQuorum(quorum, [
    ...approvers,
    ...(verdict === 'approve' ? [right.seat] : []),
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
  await together([
    tx.query('UPDATE escalations SET approvals = $3 WHERE id = $1 AND tenant = $2', [
      escalation.id,
      tenant,
      approvals,
    ]),
    next.value === 'pending'
      ? keepPending(tx, escalation)
      : endEscalation(tx, escalation, next.value, { nowMs }),
    noteFatigue(tx, viewer, { nowMs }).then(() => handOver(tx, viewer, { nowMs })),
  ]);
}

/**
 * An approval that completes nothing yet: the lease is free for the next reviewer. What is shown stays as it was, and so
 * its version: a new one, or a verdict refused for an old one, would tell them of the first.
 */
async function keepPending(tx: Tx, { id, tenant }: EscalationRecord): Promise<void> {
  await tx.query(
    `UPDATE escalations SET lease_person = NULL, lease_until = NULL, raise_check_at = 'epoch'
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
  const [escalation, review, approval, drill] = await Promise.all([
    findEscalation(pool, at),
    pool.query<{ id: string; verdict: DecideResponse['verdict'] }>(
      `SELECT id, verdict FROM reviews WHERE escalation = $1 AND tenant = $2 AND person = $3
       UNION ALL
       SELECT drill, verdict FROM drill_scores WHERE escalation = $1 AND tenant = $2 AND person = $3`,
      [at.id, at.tenant, viewer.person.id],
    ),
    findApproval(pool, { tenant: at.tenant, escalation: at.id }),
    findDrillView(pool, at),
  ]);
  const own = review.rows[0];
  if (!escalation || !own) throw new ServiceError('escalation_unknown');
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
    drill,
    now: formatInstant(nowMs),
  };
}
