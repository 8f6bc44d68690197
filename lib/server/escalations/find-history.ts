import { formatInstant } from '@/lib/core/instant';
import type { EscalationState } from '@/lib/escalations/escalation-view';
import { type EscalationDetail, sentenceSchema } from '@/lib/escalations/escalation-view';
import type { Tx } from '../database/transaction';
import type { EscalationRecord } from './escalation-record';

const WINDOW_MS = 90 * 86_400_000;
const RECENT = 100;
const SIMILAR = 5;

/** What happened before this escalation, as known when it was submitted and not since: it does not move while read. */
export async function findHistory(
  tx: Tx,
  escalation: EscalationRecord,
): Promise<EscalationDetail['history']> {
  return {
    counterparty: await findCounterparty(tx, escalation),
    principal: await countPrincipal(tx, escalation),
    agent: await countAgent(tx, escalation),
    similar: await findSimilar(tx, escalation),
  };
}

/** Amounts of this agent's last 100 allowed or approved actions of this tool in the same currency, oldest first. */
export async function findRecentAmounts(
  tx: Tx,
  escalation: EscalationRecord,
): Promise<EscalationDetail['recentAmounts']> {
  if (escalation.currency === null) return null;
  const found = await tx.query<{ amount: string }>(
    `SELECT trim_scale(amount)::text AS amount FROM action_uses
      WHERE tenant = $1 AND agent = $2 AND at < $3 AND tool = $4 AND currency = $5 AND amount IS NOT NULL
      ORDER BY at DESC LIMIT ${RECENT}`,
    [
      escalation.tenant,
      escalation.agent,
      new Date(escalation.createdAtMs),
      escalation.tool,
      escalation.currency,
    ],
  );
  return { currency: escalation.currency, amounts: found.rows.map(({ amount }) => amount).reverse() };
}

async function findCounterparty(
  tx: Tx,
  { tenant, counterparty, createdAtMs }: EscalationRecord,
): Promise<EscalationDetail['history']['counterparty']> {
  if (counterparty === null) return null;
  const found = await tx.query<{ settled: number; first_at: Date | null }>(
    `SELECT count(*)::int AS settled, min(at) AS first_at FROM action_uses
      WHERE tenant = $1 AND counterparty = $2 AND at < $3`,
    [tenant, counterparty, new Date(createdAtMs)],
  );
  const row = found.rows[0];
  return {
    settled: row?.settled ?? 0,
    firstSeenAt: row?.first_at ? formatInstant(row.first_at.getTime()) : null,
  };
}

async function countPrincipal(
  tx: Tx,
  { tenant, principal, createdAtMs }: EscalationRecord,
): Promise<EscalationDetail['history']['principal']> {
  if (principal === null) return { actions: 0, escalated: 0 };
  const found = await tx.query<{ actions: number; escalated: number }>(
    `SELECT (SELECT count(*)::int FROM action_uses
              WHERE tenant = $1 AND principal = $2 AND at >= $3 AND at < $4) AS actions,
            (SELECT count(*)::int FROM escalations
              WHERE tenant = $1 AND principal = $2 AND created_at >= $3 AND created_at < $4) AS escalated`,
    [tenant, principal, new Date(createdAtMs - WINDOW_MS), new Date(createdAtMs)],
  );
  return found.rows[0] ?? { actions: 0, escalated: 0 };
}

async function countAgent(
  tx: Tx,
  { tenant, agent, createdAtMs }: EscalationRecord,
): Promise<EscalationDetail['history']['agent']> {
  const found = await tx.query<{ decisions: number; escalated: number }>(
    `SELECT coalesce(sum(n), 0)::bigint AS decisions,
            coalesce(sum(n) FILTER (WHERE verdict = 'escalate'), 0)::bigint AS escalated
       FROM rollups WHERE tenant = $1 AND agent = $2 AND hour >= $3 AND hour <= $4`,
    [tenant, agent, new Date(createdAtMs - WINDOW_MS), new Date(createdAtMs)],
  );
  return found.rows[0] ?? { decisions: 0, escalated: 0 };
}

/** The last ended escalations of the same rule and tool, with what became of them. */
async function findSimilar(
  tx: Tx,
  { tenant, rule, tool, createdAtMs }: EscalationRecord,
): Promise<EscalationDetail['history']['similar']> {
  const found = await tx.query<{
    id: string;
    created_at: Date;
    sentence: unknown;
    state: EscalationState;
    outcome: string | null;
  }>(
    `SELECT e.id, e.created_at, e.sentence, e.state, o.state AS outcome
       FROM escalations e
       LEFT JOIN approvals a ON a.escalation = e.id AND a.tenant = e.tenant
       LEFT JOIN outcomes o ON o.approval = a.id
      WHERE e.tenant = $1 AND e.rule = $2 AND e.created_at < $3 AND e.tool = $4 AND e.state NOT IN ('pending', 'drill')
      ORDER BY e.created_at DESC LIMIT ${SIMILAR}`,
    [tenant, rule, new Date(createdAtMs), tool],
  );
  return found.rows.map((row) => ({
    id: row.id,
    createdAt: formatInstant(row.created_at.getTime()),
    sentence: sentenceSchema.parse(row.sentence),
    state: row.state,
    outcome: row.outcome,
  }));
}
