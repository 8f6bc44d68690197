import { formatCsv } from '@/lib/core/csv-cell';
import { importReconciliation } from '@/lib/server/completeness/import-reconciliation';
import { loadDecisions } from '@/lib/server/completeness/load-decisions';
import { getPool } from '@/lib/server/database/pool';
import { DAY_MS } from './day-ms';

const TOOLS = ['payment.transfer', 'payment.instant'];
const LEAST_PAYMENTS = 5;

/**
 * The bank's payment system says what it paid in the last three days: what was decided, but for one payment that it lost, and
 * with one that nobody decided. Imported as a compliance officer would.
 */
export async function reconcileDemo(tenant: string, by: string, endMs: number): Promise<void> {
  const found = await getPool().query('SELECT 1 FROM reconciliations WHERE tenant = $1 LIMIT 1', [tenant]);
  if (found.rowCount) return;
  const fromMs = endMs - 3 * DAY_MS;
  const scope = { tenant, system: 'sepa', type: 'payment', tools: TOOLS, fromMs, toMs: endMs };
  const decided = (await loadDecisions(scope, []))
    .filter(({ executed, downstream }) => executed && downstream.length > 0)
    .sort((a, b) => a.atMs - b.atMs);
  if (decided.length < LEAST_PAYMENTS) return;
  const iso = (ms: number) => new Date(ms).toISOString();
  const rows = decided
    .filter((_, index) => index !== 2)
    .map(({ downstream, amount, currency, atMs }) => [
      downstream[0] ?? '',
      amount ?? '',
      currency ?? '',
      iso(atMs + 2_000),
    ]);
  rows.push(['E2E-900000417', '4860.00', 'EUR', iso(endMs - DAY_MS)]);
  await importReconciliation(
    {
      tenant,
      by,
      request: {
        system: 'sepa',
        type: 'payment',
        tools: TOOLS,
        mapping: {
          id: 'end_to_end_id',
          amount: 'amount',
          currency: 'currency',
          fixedCurrency: null,
          at: 'booked_at',
          decimals: 'point',
        },
        toleranceMinutes: 180,
        from: iso(fromMs),
        to: iso(endMs - DAY_MS / 24),
        content: formatCsv(['end_to_end_id', 'amount', 'currency', 'booked_at'], rows),
      },
    },
    { nowMs: endMs },
  );
}
