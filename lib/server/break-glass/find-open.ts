import type { Tier } from '@/lib/decisions/record-payload';
import type { OpenBreakGlass } from '@/lib/escalations/eligibility';
import type { Tx } from '../database/transaction';

/** The break-glass that is open in a tenant at `nowMs`, or null; it closes by itself. */
export async function findOpenBreakGlass(
  tx: Tx,
  tenant: string,
  nowMs: number,
): Promise<(OpenBreakGlass & { untilMs: number }) | null> {
  const found = await tx.query<{
    id: string;
    tiers: Tier[];
    relaxes: OpenBreakGlass['relaxes'];
    until_at: Date;
  }>(
    `SELECT id, tiers, relaxes, until_at FROM break_glasses
      WHERE tenant = $1 AND opened_at <= $2 AND until_at > $2 AND closed_at IS NULL
      ORDER BY until_at DESC LIMIT 1`,
    [tenant, new Date(nowMs)],
  );
  const row = found.rows[0];
  return row ? { id: row.id, tiers: row.tiers, relaxes: row.relaxes, untilMs: row.until_at.getTime() } : null;
}
