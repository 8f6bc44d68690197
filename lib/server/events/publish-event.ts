import type { ConsoleEvent } from '@/lib/escalations/escalation-view';
import type { Tx } from '../database/transaction';

export const EVENT_CHANNEL = 'countersign_events';

export type TenantEvent = ConsoleEvent & { tenant: string };

/** Announces a change to every process; PostgreSQL delivers it when the caller's transaction commits, or never. */
export async function publishEvent(tx: Tx, event: TenantEvent): Promise<void> {
  await tx.query('SELECT pg_notify($1, $2)', [EVENT_CHANNEL, JSON.stringify(event)]);
}
