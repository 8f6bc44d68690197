import type { Raised } from '@/lib/escalations/decide-raise';
import type { Tx } from '../database/transaction';
import { publishEvent } from '../events/publish-event';
import { notifyOfEscalation } from '../notifications/notify-of-escalation';
import type { EscalationRecord } from './escalation-record';

/**
 * The one place that learns of a raised escalation, inside the transaction that raises it: pages hear of it, and those to
 * whom it went are told outside the console, exactly when it happened.
 */
export async function announceRaised(
  tx: Tx,
  escalation: EscalationRecord,
  { to, atMs }: Pick<Raised, 'to' | 'atMs'>,
): Promise<void> {
  await publishEvent(tx, { tenant: escalation.tenant, type: 'escalation.raised', id: escalation.id });
  await notifyOfEscalation(tx, escalation, {
    kind: 'escalation.further',
    occasion: to,
    to: { roles: [to] },
    nowMs: atMs,
  });
}
