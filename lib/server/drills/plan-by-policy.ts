import { getPool } from '../database/pool';
import { inTransaction } from '../database/transaction';
import { ServiceError } from '../errors';
import { getActivePolicy } from '../policies/get-active-policy';
import { planDrill } from './plan-drill';
import { randomNumber } from './random-number';

/** Real escalations further back than this ask for no drill any more: after a pause drills do not come in a bunch. */
const LOOK_BACK_MS = 24 * 3_600_000;

/**
 * Plans a drill when chance and the policy want one: on average `perHundred` for each hundred real escalations, one at a
 * time, and none while more real work waits than the policy says. Safe in several processes at once: one looks, the
 * others pass by.
 * @returns its id, or null
 */
export async function planByPolicy(
  tenant: string,
  { nowMs, random = randomNumber }: { nowMs: number; random?: () => number },
): Promise<string | null> {
  return inTransaction(async (tx) => {
    const lock = await tx.query<{ held: boolean }>(
      'SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS held',
      [`drills ${tenant}`],
    );
    if (!lock.rows[0]?.held) return null;
    const rules = (await getActivePolicy(tenant, nowMs, tx)).document.review.attention?.drills;
    if (!rules || rules.perHundred === 0) return null;
    const found = await tx.query<{ open: number; waiting: number; since: number }>(
      `SELECT (SELECT count(*)::int FROM drills WHERE tenant = $1 AND state IN ('planned', 'waiting')) AS open,
              (SELECT count(*)::int FROM escalations WHERE tenant = $1 AND state = 'pending' AND expires_at > $3) AS waiting,
              (SELECT count(*)::int FROM escalations e WHERE e.tenant = $1 AND e.created_at <= $3 AND e.state <> 'drill'
                 AND e.created_at > greatest($2::timestamptz,
                   (SELECT max(created_at) FROM drills WHERE tenant = $1 AND origin = 'policy'))) AS since`,
      [tenant, new Date(nowMs - LOOK_BACK_MS), new Date(nowMs)],
    );
    const { open = 1, waiting = 0, since = 0 } = found.rows[0] ?? {};
    // Waiting for the expected number and then choosing the moment by chance keeps the share without a rhythm.
    if (open > 0 || waiting > rules.skipWhenWaiting || since * rules.perHundred < 100 * (0.5 + random()))
      return null;
    return planDrill(
      tx,
      tenant,
      { known: random() * 100 < rules.knownBadPercent ? 'bad' : 'good', withinMinutes: rules.withinMinutes },
      { by: null, nowMs },
    );
  });
}

/** Every organisation whose policy in force may want drills; one without a policy wants none. */
export async function planDrills({ nowMs }: { nowMs: number }): Promise<void> {
  const tenants = await getPool().query<{ id: string }>('SELECT id FROM tenants ORDER BY id');
  for (const { id } of tenants.rows) {
    try {
      await planByPolicy(id, { nowMs });
    } catch (error) {
      if (!(error instanceof ServiceError && error.code === 'policy_missing')) throw error;
    }
  }
}
