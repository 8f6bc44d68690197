import type { Tx } from '../database/transaction';

/** For how long somebody is spared after signs of fatigue. */
export const FATIGUE_LASTS_MS = 4 * 3_600_000;

/** The newest sign of fatigue that still holds, or null. */
export async function findFatigue(
  tx: Tx,
  { tenant, person }: { tenant: string; person: string },
  { nowMs }: { nowMs: number },
): Promise<{ reasonCode: string; sinceMs: number } | null> {
  const found = await tx.query<{ reason_code: string; at: Date }>(
    `SELECT reason_code, at FROM attention_events
      WHERE tenant = $1 AND person = $2 AND kind = 'fatigue' AND at > $3 AND at <= $4 ORDER BY at DESC, id DESC LIMIT 1`,
    [tenant, person, new Date(nowMs - FATIGUE_LASTS_MS), new Date(nowMs)],
  );
  const row = found.rows[0];
  return row ? { reasonCode: row.reason_code, sinceMs: row.at.getTime() } : null;
}
