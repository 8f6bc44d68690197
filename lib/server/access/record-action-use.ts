import type { ActionFacts } from '@/lib/policy/action-facts';
import type { Tx } from '../database/transaction';

/**
 * Takes what one action uses of budgets and thresholds: at once when it was allowed, at redemption when people approved
 * it. Once per evaluation, in the caller's transaction; a second call for the same evaluation changes nothing.
 */
export async function recordActionUse(
  tx: Tx,
  evaluationId: string,
  use: { tenant: string; atMs: number; facts: ActionFacts },
): Promise<void> {
  const { facts } = use;
  await tx.query({
    name: 'record-action-use',
    text: `INSERT INTO action_uses
             (tenant, evaluation, at, agent, principal, tool, category, counterparty, amount, currency)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
           ON CONFLICT (tenant, evaluation) DO NOTHING`,
    values: [
      use.tenant,
      evaluationId,
      new Date(use.atMs),
      facts.agent,
      facts.principal?.token ?? '',
      facts.tool,
      facts.category,
      facts.counterparty,
      facts.amount?.amount ?? null,
      facts.amount?.currency ?? null,
    ],
  });
}
