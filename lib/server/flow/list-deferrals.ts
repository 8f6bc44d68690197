import { formatInstant } from '@/lib/core/instant';
import type { DeferralView } from '@/lib/escalations/flow-view';
import type { Tx } from '../database/transaction';
import type { Reviewer } from '../reviews/reviewer';

/** What this person has put aside of these escalations and has not taken up since; a time that has come ends it. */
export async function listDeferrals(
  tx: Tx,
  viewer: Reviewer,
  ids: readonly string[],
  nowMs: number,
): Promise<Map<string, DeferralView>> {
  const found = await tx.query<{ escalation: string; until: Date | null; on_information: boolean }>(
    `SELECT escalation, until, on_information FROM deferrals
      WHERE person = $1 AND tenant = $2 AND escalation = ANY($3) AND (until IS NULL OR until > $4)`,
    [viewer.person.id, viewer.tenant.id, ids, new Date(nowMs)],
  );
  return new Map(
    found.rows.map((row) => [
      row.escalation,
      { until: row.until ? formatInstant(row.until.getTime()) : null, onInformation: row.on_information },
    ]),
  );
}
