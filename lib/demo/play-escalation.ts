import type { SubmitRequest } from '@/lib/escalations/access-request';
import { EVIDENCE_SECTIONS, evidenceSchema } from '@/lib/escalations/escalation-view';
import { displayDigest } from '@/lib/escalations/statement';
import { redeemApproval } from '@/lib/server/approvals/redeem';
import { reportOutcome } from '@/lib/server/approvals/report-outcome';
import { ServiceError } from '@/lib/server/errors';
import { cancelEscalation } from '@/lib/server/escalations/cancel';
import { expireEscalation } from '@/lib/server/escalations/expire';
import { getDetail } from '@/lib/server/escalations/get-detail';
import { getTask } from '@/lib/server/escalations/get-task';
import { submitEscalation } from '@/lib/server/escalations/submit';
import { addComment } from '@/lib/server/flow/add-comment';
import { askInformation } from '@/lib/server/flow/ask-information';
import { recordImpression } from '@/lib/server/flow/record-impression';
import { decideEscalation } from '@/lib/server/reviews/decide';
import { recordHeartbeat } from '@/lib/server/reviews/heartbeat';
import { openReview } from '@/lib/server/reviews/open';
import { prepareVerdict } from '@/lib/server/reviews/prepare';
import { signAsDemoDevice } from './demo-passkeys';
import { callerOf, type HistoryStage } from './history-stage';
import type { Proposal } from './proposal';

/** History keeps at most this many beats of a review; a real page sends one every five seconds. */
const MOST_BEATS = 10;
/** Enough to have read every section and the longest least time that the demo's policies ask for. */
const LEAST_BEATS = 3;
const BEAT_MS = 5_000;

/** Submits one escalation and plans what its people do with it; what lies beyond the end is left waiting. */
export async function playEscalation(
  stage: HistoryStage,
  proposal: Proposal,
  evaluationId: string,
  decisionId: string,
): Promise<void> {
  const { site, timeline, random, endMs } = stage;
  const caller = callerOf(site);
  const { subject, resource, action, context } = proposal.action;
  const request = {
    subject,
    resource,
    action,
    context,
    evaluation_id: evaluationId,
    evidence: evidenceSchema.parse(proposal.evidence),
    decision_id: decisionId,
    subjects: proposal.subjects,
    recommendation: recommend(proposal),
  } as SubmitRequest;
  const { task } = await submitEscalation(
    caller,
    { idempotencyKey: evaluationId, request },
    { nowMs: proposal.atMs },
  );
  const expiresAtMs = Date.parse(task.expires_at);
  if (expiresAtMs > endMs) {
    stage.waiting.add({
      id: task.id,
      gateway: caller.producerId,
      decisionId,
      action: proposal.action,
      downstream: proposal.downstream,
    });
    if (proposal.atMs % 3 === 0) await talkAbout(stage, task.id, proposal.atMs);
    return;
  }
  timeline.at(expiresAtMs, async (atMs) => {
    await expireEscalation({ tenant: caller.tenant, id: task.id }, { nowMs: atMs });
  });
  const { human } = proposal;
  if (human.does === 'cancel') {
    timeline.at(proposal.atMs + human.afterMs, async (atMs) => {
      await cancelEscalation(caller, task.id, { nowMs: atMs });
    });
    return;
  }
  if (human.does === 'nothing') return;
  let atMs = proposal.atMs;
  for (const [index, email] of human.reviewers.entries()) {
    const openMs = atMs + Math.round(Math.min(600_000, Math.max(4_000, random.logNormal(70_000, 0.7))));
    atMs = openMs + human.dwellMs;
    if (atMs >= expiresAtMs) return;
    timeline.at(openMs, () =>
      review(stage, { proposal, taskId: task.id, email, openMs, last: index === human.reviewers.length - 1 }),
    );
  }
}

/** A machine's opinion of some of them, mostly what people come to think as well. */
function recommend({ atMs, human }: Proposal): SubmitRequest['recommendation'] {
  if (atMs % 4 !== 0) return undefined;
  const denies = human.does === 'deny' ? atMs % 3 !== 0 : atMs % 9 === 0;
  return {
    model: { provider: 'in-house', name: 'risk-scorer', version: '3.4' },
    verdict: denies ? 'deny' : 'approve',
    rationale: denies
      ? 'The pattern resembles earlier actions that were taken back.'
      : 'Nothing differs from what this agent did before.',
    score: denies ? '0.81' : '0.12',
  };
}

/** What still waits has been talked about: a question that is open, and a word to colleagues. */
async function talkAbout({ site }: HistoryStage, taskId: string, atMs: number): Promise<void> {
  const reviewer = [...site.people.values()].find(({ roles }) => roles.includes('reviewer'));
  if (!reviewer) return;
  const nowMs = atMs + BEAT_MS;
  try {
    await askInformation(reviewer, taskId, 'Which document is this based on, and who sent it?', { nowMs });
  } catch (error) {
    // It is this reviewer's own request, or beyond their authority.
    if (!(error instanceof ServiceError)) throw error;
  }
  const text = 'Asked the owner for the document; it is on its way.';
  await addComment(reviewer, taskId, { text, carriesVerdict: false }, { nowMs });
}

interface Turn {
  proposal: Proposal;
  taskId: string;
  email: string;
  openMs: number;
  last: boolean;
}

/** One person reads and decides; when the quorum is complete the gateway redeems and reports. */
async function review(stage: HistoryStage, turn: Turn): Promise<void> {
  const { human } = turn.proposal;
  const viewer = stage.site.people.get(turn.email);
  if (human.does !== 'approve' && human.does !== 'deny') return;
  if (!viewer) throw new Error(`The scenario names ${turn.email}, who is not of its tenant.`);
  await openReview(viewer, turn.taskId, { nowMs: turn.openMs });
  const recommended = recommend(turn.proposal);
  if (recommended) {
    // Some change their mind once they have seen what the machine says; most do not.
    const first = turn.proposal.atMs % 5 === 0 ? 'unsure' : human.does;
    await recordImpression(viewer, turn.taskId, first, { nowMs: turn.openMs + BEAT_MS });
  }
  const attentive = 0.25 + 0.5 * stage.random.next();
  const beats = Math.max(
    LEAST_BEATS,
    Math.min(MOST_BEATS, Math.floor((attentive * human.dwellMs) / BEAT_MS)),
  );
  for (let beat = 1; beat <= beats; beat++) {
    const half = EVIDENCE_SECTIONS.slice(...(beat % 2 === 1 ? [0, 2] : [2]));
    await recordHeartbeat(
      viewer,
      turn.taskId,
      { visible: true, focused: true, idle: false, sections: half },
      { nowMs: turn.openMs + beat * BEAT_MS },
    );
  }
  stage.timeline.at(turn.openMs + human.dwellMs, (atMs) => decide(stage, turn, atMs));
}

async function decide(stage: HistoryStage, turn: Turn, atMs: number): Promise<void> {
  const { human } = turn.proposal;
  const viewer = stage.site.people.get(turn.email);
  if (!viewer || (human.does !== 'approve' && human.does !== 'deny')) return;
  // Nobody can approve on a decision whose record is still under way.
  if (human.does === 'approve') await stage.flush();
  const detail = await getDetail(viewer, turn.taskId, { nowMs: atMs });
  try {
    const request = {
      verdict: human.does,
      reasonCode: human.reasonCode,
      reasonText: human.reasonText,
      actionDigest: detail.actionDigest,
      displayDigest: displayDigest(detail),
      instance: detail.instance,
      version: detail.row.version,
    };
    const at = { nowMs: atMs };
    const prepared = detail.passkey.registered
      ? await prepareVerdict(viewer, turn.taskId, request, at)
      : null;
    await decideEscalation(
      viewer,
      turn.taskId,
      prepared ? { ...request, passkey: signAsDemoDevice(turn.email, prepared.options) } : request,
      at,
    );
  } catch (error) {
    // People run into these too: the policy changed meanwhile, the sum is beyond their authority, two pages were open at
    // once, or they had decided enough for an hour. It then expires.
    if (error instanceof ServiceError && HUMAN_LIMITS.has(error.code)) return;
    throw error;
  }
  if (human.does === 'approve' && turn.last)
    stage.timeline.at(atMs + 1_400, (redeemMs) => redeem(stage, turn, redeemMs));
}

const HUMAN_LIMITS = new Set([
  'policy_changed',
  'role_required',
  'insufficient_authority',
  'escalation_ended',
  'late_verdict',
  'coverage_incomplete',
  'dwell_too_short',
  'load_limit_reached',
]);

async function redeem(stage: HistoryStage, turn: Turn, atMs: number): Promise<void> {
  const caller = callerOf(stage.site);
  const task = await getTask(caller, turn.taskId);
  const approval = task.result?.approval;
  if (!approval) return;
  const { subject, resource, action, context } = turn.proposal.action;
  await redeemApproval(
    caller,
    approval.id,
    { token: approval.state, action: { subject, resource, action, context } },
    { nowMs: atMs },
  );
  const failed = stage.random.chance(0.02);
  await reportOutcome(
    caller,
    approval.id,
    { state: failed ? 'upstream_error' : 'forwarded', downstream: failed ? [] : turn.proposal.downstream },
    { nowMs: atMs + 900 },
  );
}
