import type { Tx } from '../database/transaction';
import type { EscalationRecord } from '../escalations/escalation-record';
import { notifyOfEscalation } from '../notifications/notify-of-escalation';

/** Tells the gateway's registered callback that its task changed, when the request named one. Never what it changed to. */
export async function notifyCallback(
  tx: Tx,
  escalation: EscalationRecord,
  { occasion, nowMs }: { occasion: string; nowMs: number },
): Promise<void> {
  if (escalation.callback === null) return;
  await notifyOfEscalation(tx, escalation, {
    kind: 'task.changed',
    occasion,
    channel: escalation.callback,
    nowMs,
  });
}
