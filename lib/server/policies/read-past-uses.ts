import type { PastUse } from '@/lib/policy/use-ledger';
import { getPool } from '../database/pool';

const PAGE_ROWS = 5_000;

/** What a tenant's actions used, in order of time, a page in memory at once. */
export async function* readPastUses(
  tenant: string,
  { fromMs, toMs }: { fromMs: number; toMs: number },
): AsyncGenerator<PastUse> {
  let after: { at: Date; evaluation: string } = { at: new Date(fromMs), evaluation: '' };
  for (;;) {
    const found = await getPool().query<Omit<PastUse, 'atMs'> & { at: Date }>({
      name: 'past-uses',
      text: `SELECT evaluation, at, agent, principal, tool, category, counterparty, amount::text AS amount, currency
        FROM action_uses WHERE tenant = $1 AND (at, evaluation) > ($2, $3) AND at < $4
        ORDER BY at, evaluation LIMIT ${PAGE_ROWS}`,
      values: [tenant, after.at, after.evaluation, new Date(toMs)],
    });
    for (const { at, ...row } of found.rows) yield { ...row, atMs: at.getTime() };
    const last = found.rows.at(-1);
    if (!last || found.rows.length < PAGE_ROWS) return;
    after = { at: last.at, evaluation: last.evaluation };
  }
}
