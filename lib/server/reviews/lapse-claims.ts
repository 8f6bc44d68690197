import type { Tier } from '@/lib/decisions/record-payload';
import { inTransaction } from '../database/transaction';
import { publishEvent } from '../events/publish-event';
import { notifyOfEscalation } from '../notifications/notify-of-escalation';

const BATCH = 100;

/**
 * Takes back claims whose time has run out: everybody's queue shows it free, and who had it is told. Verdicts and claims
 * look at the time themselves, so nobody is blocked by a lease that this has not reached yet.
 * @returns how many claims lapsed here
 */
export async function lapseClaims({ nowMs }: { nowMs: number }): Promise<number> {
  return inTransaction(async (tx) => {
    const lapsed = await tx.query<{
      id: string;
      tenant: string;
      agent: string;
      tier: Tier;
      expires_at: Date;
      person: string;
      until: Date;
    }>(
      `WITH due AS (SELECT id, lease_person, lease_until FROM escalations
          WHERE lease_until <= $1 AND state = 'pending' ORDER BY lease_until LIMIT ${BATCH} FOR UPDATE SKIP LOCKED)
       UPDATE escalations e SET lease_person = NULL, lease_until = NULL FROM due
        WHERE e.id = due.id
        RETURNING e.id, e.tenant, e.agent, e.tier, e.expires_at, due.lease_person AS person, due.lease_until AS until`,
      [new Date(nowMs)],
    );
    for (const row of lapsed.rows) {
      await publishEvent(tx, { tenant: row.tenant, type: 'escalation.changed', id: row.id });
      await notifyOfEscalation(
        tx,
        { ...row, expiresAtMs: row.expires_at.getTime() },
        {
          kind: 'claim.lapsed',
          occasion: row.until.toISOString(),
          to: { persons: [row.person] },
          nowMs,
        },
      );
    }
    return lapsed.rows.length;
  });
}
