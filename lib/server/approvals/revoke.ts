import { nowMs as clockNowMs } from '../clock';
import { inTransaction } from '../database/transaction';
import { ServiceError } from '../errors';
import { findEscalation } from '../escalations/escalation-record';
import { publishEvent } from '../events/publish-event';
import { newId } from '../random';
import { journal } from '../records/journal';
import type { Reviewer } from '../reviews/reviewer';
import { findApproval } from './find-approval';

/**
 * Withdraws an approval before it was used; afterwards its token redeems nothing. Revoking again changes nothing.
 * @throws ServiceError `role_required`, `unknown_approval`, `already_redeemed`
 */
export async function revokeApproval(
  viewer: Reviewer,
  approvalId: string,
  reasonCode: string,
  { nowMs = clockNowMs() } = {},
): Promise<void> {
  if (!viewer.roles.includes('senior_reviewer') && !viewer.roles.includes('compliance')) {
    throw new ServiceError('role_required', 'A senior reviewer or a compliance officer revokes.');
  }
  const tenant = viewer.tenant.id;
  await inTransaction(async (tx) => {
    const approval = await findApproval(tx, { tenant, id: approvalId });
    const escalation =
      approval && (await findEscalation(tx, { tenant, id: approval.escalation }, { lock: true }));
    if (!escalation) throw new ServiceError('unknown_approval');
    const found = await tx.query<{ revoked: boolean; redeemed: boolean }>(
      `SELECT EXISTS (SELECT 1 FROM revocations WHERE approval = $1 AND tenant = $2) AS revoked,
              EXISTS (SELECT 1 FROM redemptions WHERE approval = $1 AND tenant = $2) AS redeemed`,
      [approvalId, tenant],
    );
    if (found.rows[0]?.revoked) return;
    if (found.rows[0]?.redeemed) throw new ServiceError('already_redeemed', 'This approval was used.');
    await publishEvent(tx, { tenant, type: 'approval.revoked', id: escalation.id });
    const record = await journal(tx, {
      tenant,
      kind: 'approval.revoked',
      id: newId('rec', nowMs),
      body: {
        approval_id: approvalId,
        escalation_id: escalation.id,
        revoked_by: viewer.person.id,
        reason_code: reasonCode,
      },
      occurredAtMs: nowMs,
    });
    await tx.query(
      `INSERT INTO revocations (approval, tenant, reason_code, revoked_at, stream, position)
       VALUES ($1, $2, $3, $4, $5, $6)`,
      [approvalId, tenant, reasonCode, new Date(nowMs), record.stream, record.position],
    );
  });
}
