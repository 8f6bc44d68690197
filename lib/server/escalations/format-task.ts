import { formatInstant } from '@/lib/core/instant';
import type { AccessTask } from '@/lib/escalations/access-request';
import type { EscalationState } from '@/lib/escalations/escalation-view';
import { decideQuorum } from '@/lib/escalations/quorum';
import { findApproval } from '../approvals/find-approval';
import { getConfig } from '../config';
import type { Tx } from '../database/transaction';
import { ServiceError } from '../errors';
import { type EscalationRecord, findEscalation } from './escalation-record';

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
  const self = `${getConfig().origin}/access/v1/requests/${escalation.id}`;
  const pending = escalation.state === 'pending';
  return {
    id: escalation.id,
    status: STATUS[escalation.state],
    progress: { approvals: escalation.approvals, needed: decideQuorum(escalation.quorum, []).needed },
    created_at: formatInstant(escalation.createdAtMs),
    expires_at: formatInstant(escalation.expiresAtMs),
    ...(escalation.endedAtMs === null ? {} : { ended_at: formatInstant(escalation.endedAtMs) }),
    action_digest: escalation.actionDigest,
    links: pending ? { self, cancel: `${self}/cancel` } : { self },
    ...(await formatResult(tx, escalation)),
  };
}

async function formatResult(
  tx: Tx,
  { id, tenant, state }: EscalationRecord,
): Promise<Pick<AccessTask, 'result'>> {
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
