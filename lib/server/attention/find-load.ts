import { decideLoad, HOUR_MS, MINUTE_MS } from '@/lib/attention/load';
import type { Tier } from '@/lib/decisions/record-payload';
import type { LoadView } from '@/lib/escalations/load-view';
import type { AttentionRules } from '@/lib/policy/attention-rules';
import { together } from '../database/side-by-side';
import type { Tx } from '../database/transaction';
import { type ActivePolicy, findActivePolicy } from '../policies/get-active-policy';
import { findFatigue } from './find-fatigue';

/** The attention rules of the policy in force; null when it has none or there is no policy. */
export async function findAttentionRules(
  tx: Tx,
  tenant: string,
  nowMs: number,
): Promise<AttentionRules | null> {
  return attentionRulesOf(await findActivePolicy(tenant, nowMs, tx));
}

/** Those of a policy that was read already. */
export function attentionRulesOf(policy: ActivePolicy | null): AttentionRules | null {
  return policy?.document.review.attention ?? null;
}

/**
 * Where one person stands against the limits of the policy in force; null when it sets none. Drills count: they tire too.
 * @param given.rules those of the policy, where they are known already
 */
export async function findLoad(
  tx: Tx,
  at: { tenant: string; person: string },
  { nowMs, rules }: { nowMs: number; rules?: AttentionRules | null | undefined },
): Promise<LoadView | null> {
  const attention = rules === undefined ? await findAttentionRules(tx, at.tenant, nowMs) : rules;
  if (!attention?.load) return null;
  const { load: limits } = attention;
  const fatigue = attention.whenFatigued === 'lessLoad' ? await findFatigue(tx, at, { nowMs }) : null;
  const [verdicts, minutes] = await together([
    tx.query<{ at: Date; tier: Tier }>(
      `SELECT v.at, e.tier FROM (
       SELECT escalation, decided_at AS at FROM reviews WHERE tenant = $1 AND person = $2 AND decided_at > $3 AND decided_at <= $4
       UNION ALL
       SELECT escalation, scored_at FROM drill_scores WHERE tenant = $1 AND person = $2 AND scored_at > $3 AND scored_at <= $4
     ) v JOIN escalations e ON e.id = v.escalation`,
      // Two hours: when a limit was reached is told by what had not yet dropped out of its hour then.
      [at.tenant, at.person, new Date(nowMs - 2 * HOUR_MS), new Date(nowMs)],
    ),
    tx.query<{ minute: Date; active_ms: number }>(
      `SELECT minute, active_ms FROM attention_minutes
      WHERE tenant = $1 AND person = $2 AND minute > $3 AND minute <= $4`,
      [
        at.tenant,
        at.person,
        // The longest stretch that could matter: the limit, read at one millisecond a minute, is not bounded; a day is.
        new Date(nowMs - 24 * 60 * MINUTE_MS),
        new Date(nowMs),
      ],
    ),
  ]);
  return decideLoad({
    rules: limits,
    percent: fatigue ? attention.lessLoadPercent : 100,
    verdicts: verdicts.rows.map(({ at: decidedAt, tier }) => ({ atMs: decidedAt.getTime(), tier })),
    minutes: minutes.rows.map(({ minute, active_ms }) => ({
      minuteMs: minute.getTime(),
      activeMs: active_ms,
    })),
    nowMs,
  });
}
