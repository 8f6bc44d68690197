import type { Tx } from '../database/transaction';
import { ServiceError } from '../errors';
import type { EscalationRecord } from '../escalations/escalation-record';
import { ConditionsHold } from './conditions-hold';
import { findConditions } from './find-conditions';

/**
 * Integrity as a runtime condition: no token is issued and none is redeemed while the evidence of its action is missing,
 * broken or at odds with itself, nor while a condition that was recorded about it is open. Bounded by the action's own
 * records (`gatherActionEvidence`).
 * @throws ConditionsHold (a ServiceError with the condition's code), whose findings the caller records after rolling back
 * @throws ServiceError with the code of a condition that is recorded and not closed
 */
export async function requireSoundAction(
  tx: Tx,
  escalation: EscalationRecord,
  { approvalId, nowMs }: { approvalId: string | null; nowMs: number },
): Promise<void> {
  const { found, unresolved } = await findConditions(tx, escalation, approvalId, nowMs);
  const [first, ...rest] = found;
  if (first) throw new ConditionsHold([first, ...rest]);
  const [open] = unresolved;
  if (open)
    throw new ServiceError(
      open.code,
      'This was found before and has not been closed: a compliance officer must look at it on /integrity.',
    );
}
