import { decideTransition } from '@/lib/escalations/decide-transition';
import { nowMs as clockNowMs } from '../clock';
import { getPool } from '../database/pool';
import { inTransaction } from '../database/transaction';
import { endEscalation } from './end-escalation';
import { findEscalation } from './escalation-record';

const BATCH = 200;

/** Ends one overdue escalation as expired; false when it was not overdue or somebody else ended it. */
export async function expireEscalation(
  at: { tenant: string; id: string },
  { nowMs = clockNowMs() } = {},
): Promise<boolean> {
  return inTransaction(async (tx) => {
    const escalation = await findEscalation(tx, at, { lock: true });
    if (!escalation) return false;
    const next = decideTransition(escalation, { type: 'expiry', atMs: nowMs });
    if (!next.ok) return false;
    await endEscalation(tx, escalation, 'expired', { nowMs });
    return true;
  });
}

/**
 * Ends everything whose time is up, of every tenant (or one), oldest first.
 * @returns how many were ended here
 */
export async function expireDue({
  nowMs = clockNowMs(),
  tenant = null,
}: {
  nowMs?: number;
  tenant?: string | null;
} = {}): Promise<number> {
  let ended = 0;
  for (;;) {
    const due = await getPool().query<{ tenant: string; id: string }>(
      `SELECT tenant, id FROM escalations
        WHERE state = 'pending' AND expires_at <= $1 AND ($2::text IS NULL OR tenant = $2)
        ORDER BY expires_at LIMIT ${BATCH}`,
      [new Date(nowMs), tenant],
    );
    for (const at of due.rows) if (await expireEscalation(at, { nowMs })) ended++;
    if (due.rows.length < BATCH) return ended;
  }
}
