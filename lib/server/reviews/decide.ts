import { formatInstant } from '@/lib/core/instant';
import { decideTransition } from '@/lib/escalations/decide-transition';
import type { DecideRequest, DecideResponse } from '@/lib/escalations/escalation-view';
import { decideQuorum } from '@/lib/escalations/quorum';
import { type ApprovalRecord, findApproval } from '../approvals/find-approval';
import { enterApproval, findApprovingReviews, storeApproval } from '../approvals/issue';
import { addSecondReviewer } from '../attention/add-second-reviewer';
import { handOver } from '../attention/hand-over';
import { noteFatigue } from '../attention/note-fatigue';
import { writeMeasure } from '../attention/write-measure';
import { nowMs as clockNowMs } from '../clock';
import { ConditionsHold } from '../conditions/conditions-hold';
import { openConditions } from '../conditions/open-conditions';
import { getPool } from '../database/pool';
import { sideBySide, together } from '../database/side-by-side';
import { inTransaction, planOnce, prepared, type Tx } from '../database/transaction';
import { findDrillView } from '../drills/find-drill-view';
import { scoreDrill } from '../drills/score-drill';
import { ServiceError } from '../errors';
import { endEscalation } from '../escalations/end-escalation';
import { type EscalationRecord, findEscalation } from '../escalations/escalation-record';
import { publishEvent } from '../events/publish-event';
import { impressionOf } from '../flow/impression-of';
import type { Ceremony } from '../passkeys/ceremonies';
import { openJournal } from '../records/journal';
import { countTelemetry } from '../telemetry/telemetry';
import { checkVerdict } from './check-verdict';
import { findEarlierVerdict, isRepeat } from './find-repeat';
import { recordClonedPasskey } from './record-cloned-passkey';
import type { Reviewer } from './reviewer';
import { signVerdict, takeSigning } from './sign-verdict';
import { sealReason } from './store-reason';
import { enterReview, type Review, storeReview } from './write-review';

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
    const given = await inTransaction(async (connection) => {
      const tx = prepared(connection);
      const [, escalation, earlier] = await together([
        planOnce(tx),
        findEscalation(tx, at, { lock: true }),
        findEarlierVerdict(tx, viewer, at),
      ]);
      if (!escalation) throw new ServiceError('escalation_unknown');
      if (await isRepeat(tx, escalation, request, earlier)) return 'before';
      return recordVerdict(tx, viewer, escalation, request, ceremony, nowMs);
    });
    if (given !== 'before') countTelemetry('countersign.verdicts', { verdict: request.verdict });
    if (typeof given === 'object') return formatGiven(given, nowMs);
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
      return escalation && isRepeat(tx, escalation, request, await findEarlierVerdict(tx, viewer, at));
    });
    if (found) return true;
    await new Promise((resolve) => setTimeout(resolve, REPEAT_EVERY_MS));
  }
  return false;
}

/** A verdict and what it made of its escalation; the token of an approval is signed only once all of it is durable. */
interface GivenVerdict extends Pick<DecideResponse, 'state' | 'version' | 'approvals' | 'needed'> {
  review: Review;
  approval: ApprovalRecord | null;
}

/** @returns `drill` when it was one: its answer is read from what was scored */
async function recordVerdict(
  tx: Tx,
  viewer: Reviewer,
  escalation: EscalationRecord,
  request: DecideRequest,
  ceremony: Ceremony | null,
  nowMs: number,
): Promise<GivenVerdict | 'drill'> {
  const { verdict } = request;
  const salt = ceremony?.signs?.reasonSalt;
  const [allowed, sealed] = await sideBySide([
    checkVerdict(tx, viewer, escalation, request, nowMs),
    sealReason(tx, viewer, { escalation, text: request.reasonText, salt, nowMs }),
  ]);
  const checked = allowed();
  const reason = sealed();
  const { right, approvers, approvable, drill, attention: rules } = checked;
  const signed = await signVerdict(tx, viewer, { escalation, request, checked, ceremony, reason }, { nowMs });
  if (drill) {
    await together([reason.store(), writeMeasure(tx, viewer, escalation, checked)]);
    await scoreDrill(tx, { drill, escalation, answer: signed, approvable, nowMs });
    await handOver(tx, viewer, { rules, nowMs });
    return 'drill';
  }
  const quorum =
    verdict === 'approve'
      ? await addSecondReviewer(tx, viewer, escalation, { rules, nowMs })
      : escalation.quorum;
  const { approvals, reached, needed } = decideQuorum(quorum, [
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
  const state = next.value;
  const [, , impression, earlier, journal] = await together([
    reason.store(),
    writeMeasure(tx, viewer, escalation, checked),
    impressionOf(tx, escalation, signed.statement),
    state === 'approved' ? findApprovingReviews(tx, escalation) : [],
    openJournal(tx, escalation.tenant),
  ]);
  const review = enterReview(journal, { escalation, ...signed, impression, nowMs });
  const approval =
    approvable && state === 'approved'
      ? enterApproval(journal, {
          escalation,
          ...approvable,
          reviews: [...earlier, review],
          record: review.record,
          nowMs,
        })
      : null;
  await together([
    journal.write(),
    storeReview(tx, escalation, review),
    approval && storeApproval(tx, approval),
    state === 'pending'
      ? keepPending(tx, escalation, approvals)
      : endEscalation(tx, escalation, state, { nowMs, approvals, drill: null }),
    noteFatigue(tx, viewer, { rules, nowMs }).then(() => handOver(tx, viewer, { rules, nowMs })),
  ]);
  const version = state === 'pending' ? escalation.version : escalation.version + 1;
  return { review, approval, state, version, approvals, needed };
}

/** What is answered as soon as a verdict is committed; `formatAnswer` reads the same back for whoever asks again. */
function formatGiven({ review, approval, ...rest }: GivenVerdict, nowMs: number): DecideResponse {
  return {
    ...rest,
    reviewId: review.id,
    verdict: review.statement.verdict,
    approval: formatApproval(approval),
    drill: null,
    now: formatInstant(nowMs),
  };
}

function formatApproval(approval: ApprovalRecord | null): DecideResponse['approval'] {
  return (
    approval && {
      id: approval.id,
      token: approval.token(),
      expiresAt: formatInstant(approval.expiresAtMs),
    }
  );
}

/**
 * An approval that completes nothing yet: the lease is free for the next reviewer. What is shown stays as it was, and so
 * its version: a new one, or a verdict refused for an old one, would tell them of the first.
 */
async function keepPending(tx: Tx, { id, tenant }: EscalationRecord, approvals: number): Promise<void> {
  await tx.query(
    `UPDATE escalations SET lease_person = NULL, lease_until = NULL, raise_check_at = 'epoch', approvals = $3
      WHERE id = $1 AND tenant = $2`,
    [id, tenant, approvals],
  );
  await publishEvent(tx, { tenant, type: 'escalation.changed', id });
}

/** As it was answered the first time: signing a token again gives the same bytes. */
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
    approval: formatApproval(approval),
    drill,
    now: formatInstant(nowMs),
  };
}
