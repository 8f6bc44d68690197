import { formatInstant } from '@/lib/core/instant';
import type { LeaseView } from '@/lib/escalations/escalation-view';
import type { Tx } from '../database/transaction';
import type { EscalationRecord } from '../escalations/escalation-record';

/** A lease lapses by itself: nobody blocks others by closing a laptop. */
export const LEASE_MS = 120_000;

/** Who works on it at `nowMs`; a lapsed lease is none. */
export function activeLease(
  lease: EscalationRecord['lease'],
  nowMs: number,
): { person: string; untilMs: number } | null {
  return lease && lease.untilMs > nowMs ? lease : null;
}

/** The active lease with its holder's name, as `viewer` sees it. */
export async function findLeaseView(
  tx: Tx,
  lease: EscalationRecord['lease'],
  options: { viewer: string; nowMs: number },
): Promise<LeaseView | null> {
  const active = activeLease(lease, options.nowMs);
  if (!active) return null;
  const holder = await tx.query<{ name: string }>('SELECT name FROM people WHERE id = $1', [active.person]);
  return {
    person: active.person,
    name: holder.rows[0]?.name ?? active.person,
    until: formatInstant(active.untilMs),
    mine: active.person === options.viewer,
  };
}
