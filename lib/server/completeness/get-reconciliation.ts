import type {
  AnyFinding,
  ReconciliationItem,
  ReconciliationPage,
} from '@/lib/completeness/reconciliation-view';
import { utf8 } from '@/lib/core/bytes';
import { formatCsv } from '@/lib/core/csv-cell';
import { getPool } from '../database/pool';
import { trimAmount } from '../decisions/decision-columns';
import { ServiceError } from '../errors';
import { RECONCILIATION_SQL, type ReconciliationSqlRow, toReconciliationRow } from './list-reconciliations';

const PAGE_ROWS = 200;
const EXPORT_ROWS = 2_000;

interface Row {
  n: number;
  finding: AnyFinding;
  line: number | null;
  external_id: string | null;
  amount: string | null;
  currency: string | null;
  at: Date | null;
  decision: string | null;
  decided_amount: string | null;
  decided_currency: string | null;
  decided_at: Date | null;
}

async function readItems(
  id: string,
  asked: { finding: AnyFinding | null; after: number; limit: number },
): Promise<ReconciliationItem[]> {
  const found = await getPool().query<Row>(
    `SELECT n, finding, line, external_id, amount::text AS amount, currency, at, decision,
        decided_amount::text AS decided_amount, decided_currency, decided_at
       FROM reconciliation_items WHERE reconciliation = $1 AND ($2::text IS NULL OR finding = $2) AND n > $3
      ORDER BY n LIMIT $4`,
    [id, asked.finding, asked.after, asked.limit],
  );
  return found.rows.map((row) => ({
    n: row.n,
    finding: row.finding,
    row: row.line,
    externalId: row.external_id,
    amount: row.amount === null ? null : trimAmount(row.amount),
    currency: row.currency,
    at: row.at?.toISOString() ?? null,
    decision: row.decision,
    decidedAmount: row.decided_amount === null ? null : trimAmount(row.decided_amount),
    decidedCurrency: row.decided_currency,
    decidedAt: row.decided_at?.toISOString() ?? null,
  }));
}

/** @throws ServiceError `not_found` when the tenant has no such reconciliation */
async function requireReconciliation(tenant: string, id: string) {
  const found = await getPool().query<ReconciliationSqlRow>(
    `${RECONCILIATION_SQL} WHERE r.tenant = $1 AND r.id = $2`,
    [tenant, id],
  );
  const row = found.rows[0];
  if (!row) throw new ServiceError('not_found');
  return toReconciliationRow(row);
}

/** One reconciliation with a page of what it found; of one finding, or of all. @throws ServiceError `not_found` */
export async function getReconciliation(
  tenant: string,
  asked: { id: string; finding: AnyFinding | null; after: number },
): Promise<ReconciliationPage> {
  const reconciliation = await requireReconciliation(tenant, asked.id);
  const items = await readItems(asked.id, { ...asked, limit: PAGE_ROWS + 1 });
  const page = items.slice(0, PAGE_ROWS);
  return { reconciliation, items: page, next: items.length > PAGE_ROWS ? (page.at(-1)?.n ?? null) : null };
}

const HEADER = [
  'finding',
  'row',
  'externalId',
  'amount',
  'currency',
  'at',
  'decision',
  'decidedAmount',
  'decidedCurrency',
  'decidedAt',
] as const satisfies readonly (keyof ReconciliationItem)[];

/** Everything that a reconciliation found as CSV, read as it is taken. @throws ServiceError `not_found` */
export async function exportReconciliation(
  tenant: string,
  asked: { id: string; finding: AnyFinding | null },
): Promise<ReadableStream<Uint8Array>> {
  await requireReconciliation(tenant, asked.id);
  let after = 0;
  let begun = false;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const items = await readItems(asked.id, { ...asked, after, limit: EXPORT_ROWS });
        const text = formatCsv(
          HEADER,
          items.map((item) => HEADER.map((column) => item[column])),
        );
        controller.enqueue(utf8(begun ? text.slice(text.indexOf('\n') + 1) : text));
        begun = true;
        after = items.at(-1)?.n ?? after;
        if (items.length < EXPORT_ROWS) controller.close();
      },
    },
    { highWaterMark: 0 },
  );
}
