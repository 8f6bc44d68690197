import type { Tx } from '../database/transaction';
import type { EscalationRecord } from '../escalations/escalation-record';

/**
 * The escalation whose past is shown. A drill is about nobody; until it is over it shows the past of the case it was made
 * of, so that "nothing known of them" does not give it away. Any other escalation stands for itself.
 */
export async function standIn(tx: Tx, escalation: EscalationRecord): Promise<EscalationRecord> {
  if (escalation.state !== 'pending') return escalation;
  const model = await tx.query<{ principal: string | null }>(
    `SELECT m.principal FROM drills d JOIN escalations m ON m.id = d.model AND m.tenant = d.tenant
      WHERE d.tenant = $1 AND d.escalation = $2`,
    [escalation.tenant, escalation.id],
  );
  const row = model.rows[0];
  return row ? { ...escalation, principal: row.principal } : escalation;
}
