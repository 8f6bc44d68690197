import type { Raised } from '@/lib/escalations/decide-raise';
import type { Tx } from '../database/transaction';
import { publishEvent } from '../events/publish-event';

/**
 * The one place that learns of a raised escalation, inside the transaction that raises it: whatever tells people (mail,
 * chat, webhook) is queued here, so that it is told exactly when it happened.
 */
export async function announceRaised(
  tx: Tx,
  raised: { tenant: string; escalation: string; to: Raised['to']; reason: Raised['reason']; atMs: number },
): Promise<void> {
  await publishEvent(tx, { tenant: raised.tenant, type: 'escalation.raised', id: raised.escalation });
}
