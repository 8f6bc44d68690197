import type { Tx } from '../database/transaction';
import type { EscalationRecord } from '../escalations/escalation-record';
import { findDrill } from './drill-record';
import { writeScore } from './write-score';

/**
 * Called whenever an escalation ends. One that was a drill ends as nothing but a drill: not expired, cancelled or
 * superseded, whatever ended it; without a person's verdict it is opened as unanswered.
 * @returns whether it was one
 */
export async function endDrill(
  tx: Tx,
  { id, tenant }: EscalationRecord,
  { nowMs }: { nowMs: number },
): Promise<boolean> {
  const drill = await findDrill(tx, { tenant, id });
  if (!drill) return false;
  if (drill.state === 'waiting')
    await writeScore(tx, { drill, escalation: id, result: 'unanswered', answer: null, nowMs });
  return true;
}
