import { findApproval } from '../approvals/find-approval';
import { getPool } from '../database/pool';
import type { ServiceError } from '../errors';
import { findEscalation } from '../escalations/escalation-record';
import { ConditionsHold } from './conditions-hold';
import { findConditions } from './find-conditions';
import { openConditions } from './open-conditions';

/**
 * After a refused redemption: records what stood in its way. A token whose review record does not verify is refused with
 * that code of formats.md §7; what is wrong with the record becomes a condition like everything else.
 */
export async function recordConditions(
  tenant: string,
  approvalId: string,
  error: ServiceError,
  nowMs: number,
): Promise<void> {
  if (!(error instanceof ConditionsHold) && error.code !== 'record_unverifiable') return;
  const approval = await findApproval(getPool(), { tenant, id: approvalId });
  const escalation = approval && (await findEscalation(getPool(), { tenant, id: approval.escalation }));
  if (!escalation) return;
  const found =
    error instanceof ConditionsHold
      ? error.found
      : (await findConditions(getPool(), escalation, approvalId, nowMs)).found;
  await openConditions(
    { tenant, escalation: escalation.id, decision: escalation.decision ?? undefined },
    found,
    { nowMs },
  );
}
