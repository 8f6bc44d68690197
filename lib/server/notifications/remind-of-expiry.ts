import { getPool } from '../database/pool';
import { inTransaction } from '../database/transaction';
import { ServiceError } from '../errors';
import { getActivePolicy } from '../policies/get-active-policy';
import { notifyOfEscalation } from './notify-of-escalation';

const BATCH = 200;

/**
 * Reminds of pending escalations at the fractions of their wait that the policy names, once each. A fraction that was
 * passed while another came due is not caught up: one reminder says how much time is left.
 * @returns how many reminders were written here
 */
export async function remindOfExpiry(nowMs: number): Promise<number> {
  const tenants = await getPool().query<{ tenant: string }>(
    "SELECT DISTINCT tenant FROM notification_channels WHERE enabled AND 'escalation.reminder' = ANY(kinds)",
  );
  let reminded = 0;
  for (const { tenant } of tenants.rows) {
    for (const fraction of await listFractions(tenant, nowMs))
      reminded += await remind(tenant, fraction, nowMs);
  }
  return reminded;
}

/** From the last to the first. Without a policy nothing waits, and nothing is reminded of. */
async function listFractions(tenant: string, nowMs: number): Promise<number[]> {
  try {
    const { document } = await getActivePolicy(tenant, nowMs);
    return [...document.review.remindAtPercent].sort((a, b) => b - a);
  } catch (error) {
    if (error instanceof ServiceError && error.code === 'policy_missing') return [];
    throw error;
  }
}

async function remind(tenant: string, percent: number, nowMs: number): Promise<number> {
  return inTransaction(async (tx) => {
    const due = await tx.query<{ id: string; agent: string; tier: 'reversible'; expires_at: Date }>(
      `SELECT e.id, e.agent, e.tier, e.expires_at FROM escalations e
        WHERE e.tenant = $1 AND e.state = 'pending' AND e.expires_at > $2
          AND e.created_at + (e.expires_at - e.created_at) * ($3::float8 / 100) <= $2
          AND NOT EXISTS (SELECT 1 FROM notifications n WHERE n.tenant = e.tenant AND n.kind = 'escalation.reminder'
            AND n.ref = e.id AND n.occasion::int >= $3)
        ORDER BY e.expires_at LIMIT ${BATCH}`,
      [tenant, new Date(nowMs), percent],
    );
    for (const row of due.rows) {
      await notifyOfEscalation(
        tx,
        { id: row.id, tenant, agent: row.agent, tier: row.tier, expiresAtMs: row.expires_at.getTime() },
        { kind: 'escalation.reminder', occasion: String(percent), nowMs },
      );
    }
    return due.rows.length;
  });
}
