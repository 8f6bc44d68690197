import { nowMs as clockNowMs } from '../clock';
import type { Tx } from '../database/transaction';
import { ServiceError } from '../errors';
import { type EscalationRecord, findEscalation } from '../escalations/escalation-record';

/**
 * The escalation, locked, while it still waits: after its end and after its time nothing is added to it.
 * @throws ServiceError `escalation_unknown`, `escalation_ended`
 */
export async function requirePending(
  tx: Tx,
  at: { tenant: string; id: string },
  { nowMs = clockNowMs() } = {},
): Promise<EscalationRecord> {
  const escalation = await findEscalation(tx, at, { lock: true });
  if (!escalation) throw new ServiceError('escalation_unknown');
  if (escalation.state !== 'pending' || nowMs >= escalation.expiresAtMs)
    throw new ServiceError('escalation_ended');
  return escalation;
}
