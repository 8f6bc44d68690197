import { formatInstant } from '@/lib/core/instant';
import type { AccessTask } from '@/lib/escalations/access-request';
import type { EscalationState } from '@/lib/escalations/escalation-view';
import { decideQuorum } from '@/lib/escalations/quorum';
import { findApproval } from '../approvals/find-approval';
import { getConfig } from '../config';
import type { Tx } from '../database/transaction';
import { ServiceError } from '../errors';
import { listInformationRows } from '../flow/list-information';
import { readText } from '../payloads/read-text';
import { type EscalationRecord, findEscalation } from './escalation-record';
import { readActionOf } from './read-content';

/** A superseded request failed for reasons that are nobody's refusal. */
const STATUS: Record<EscalationState, AccessTask['status']> = {
  pending: 'pending',
  approved: 'approved',
  denied: 'denied',
  expired: 'expired',
  cancelled: 'cancelled',
  superseded: 'failed',
  // No gateway has a drill's task.
  drill: 'failed',
};

/**
 * The task of an escalation as its gateway sees it, with the approval token once there is one.
 * @throws ServiceError `task_unknown`
 */
export async function formatTask(tx: Tx, at: { tenant: string; id: string }): Promise<AccessTask> {
  const escalation = await findEscalation(tx, at);
  if (!escalation) throw new ServiceError('task_unknown');
  const self = linkTo(escalation.id);
  const pending = escalation.state === 'pending';
  const questions = pending ? await listQuestions(tx, escalation) : [];
  return {
    id: escalation.id,
    status: STATUS[escalation.state],
    progress: {
      approvals: escalation.approvals,
      needed: decideQuorum(escalation.quorum, []).needed,
      ...(questions.length > 0 ? { information_requested: questions } : {}),
    },
    created_at: formatInstant(escalation.createdAtMs),
    expires_at: formatInstant(escalation.expiresAtMs),
    ...(escalation.endedAtMs === null ? {} : { ended_at: formatInstant(escalation.endedAtMs) }),
    action_digest: escalation.actionDigest,
    links: {
      self,
      ...(pending ? { cancel: `${self}/cancel` } : {}),
      ...(questions.length > 0 ? { information: `${self}/information` } : {}),
      ...(escalation.supersedes === null ? {} : { supersedes: linkTo(escalation.supersedes) }),
      ...(escalation.supersededBy === null ? {} : { superseded_by: linkTo(escalation.supersededBy) }),
    },
    ...(await formatResult(tx, escalation)),
  };
}

const linkTo = (id: string) => `${getConfig().origin}/access/v1/requests/${id}`;

async function listQuestions(tx: Tx, escalation: EscalationRecord) {
  const open = (await listInformationRows(tx, escalation)).filter(({ answer_ref }) => answer_ref === null);
  return Promise.all(
    open.map(async ({ id, question_ref, asked_at }) => ({
      id,
      question: await readText(tx, { tenant: escalation.tenant, ref: question_ref }),
      asked_at: formatInstant(asked_at.getTime()),
    })),
  );
}

/** The narrowed action is the gateway's own, made smaller: it has to propose exactly these bytes. */
async function formatSuperseded(
  tx: Tx,
  { tenant, supersededBy }: EscalationRecord,
): Promise<Pick<AccessTask, 'result'>> {
  const successor = supersededBy === null ? null : await findEscalation(tx, { tenant, id: supersededBy });
  if (!successor) return {};
  const action = await readActionOf(tx, successor);
  return { result: { superseded: { id: successor.id, ...(action ? { action: action.value } : {}) } } };
}

async function formatResult(tx: Tx, escalation: EscalationRecord): Promise<Pick<AccessTask, 'result'>> {
  const { id, tenant, state } = escalation;
  if (state === 'superseded') return formatSuperseded(tx, escalation);
  if (state === 'approved') {
    const approval = await findApproval(tx, { tenant, escalation: id });
    if (!approval) return {};
    return {
      result: {
        approval: {
          id: approval.id,
          approved_at: formatInstant(approval.issuedAtMs),
          approved_until: formatInstant(approval.expiresAtMs),
          state: approval.token(),
        },
      },
    };
  }
  if (state === 'denied') {
    const denial = await tx.query<{ reason_code: string }>(
      `SELECT reason_code FROM reviews WHERE tenant = $1 AND escalation = $2 AND verdict = 'deny' LIMIT 1`,
      [tenant, id],
    );
    const reasonCode = denial.rows[0]?.reason_code;
    return reasonCode ? { result: { denial: { reason_code: reasonCode } } } : {};
  }
  return {};
}
