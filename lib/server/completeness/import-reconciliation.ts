import { type ListedAction, mapColumns } from '@/lib/completeness/map-columns';
import { parseCsv } from '@/lib/completeness/parse-csv';
import { type ReconciledItem, reconcile } from '@/lib/completeness/reconcile';
import type { AnyFinding, ImportRequest } from '@/lib/completeness/reconciliation-view';
import { utf8 } from '@/lib/core/bytes';
import { formatDigest, sha256 } from '@/lib/core/hash';
import { nowMs as clockNowMs } from '../clock';
import { inTransaction, type Tx } from '../database/transaction';
import { ServiceError } from '../errors';
import { newId } from '../random';
import { journal } from '../records/journal';
import { loadDecisions } from './load-decisions';

const MINUTE_MS = 60_000;

/** A row that could not be read is kept as its number: what stands there may be anybody's. */
type StoredItem = Omit<ReconciledItem, 'finding'> & { finding: AnyFinding; row: number | null };

/**
 * Holds a downstream system's list against the decisions of its time and keeps what was found: ids, amounts and times.
 * The file itself is not kept; its digest is in the record. The caller has authorised `by` in the tenant.
 * @returns the reconciliation's id
 * @throws ServiceError `list_invalid`, whose detail names the line and never what stands on it
 */
export async function importReconciliation(
  input: { tenant: string; by: string; request: ImportRequest },
  { nowMs = clockNowMs() } = {},
): Promise<{ id: string }> {
  const { tenant, by, request } = input;
  const { system, type, tools, mapping, toleranceMinutes, content } = request;
  const table = parseCsv(content);
  if (!table.ok)
    throw new ServiceError('list_invalid', `${table.code}${table.detail ? `: ${table.detail}` : ''}.`);
  const mapped = mapColumns(table.value, mapping);
  if (!mapped) throw new ServiceError('list_invalid', 'A chosen column is not in the file.');
  const period = periodOf(request, mapped.actions);
  const toleranceMs = toleranceMinutes * MINUTE_MS;
  const decisions = await loadDecisions(
    { tenant, system, type, tools, fromMs: period.fromMs - toleranceMs, toMs: period.toMs + toleranceMs },
    mapped.actions.map(({ id }) => id),
  );
  const items: StoredItem[] = [
    ...reconcile(mapped.actions, decisions, { toleranceMs, expected: period }).map((item) => ({
      ...item,
      row: item.action?.row ?? null,
    })),
    ...mapped.faults.map(({ row }) => ({
      finding: 'unreadable' as const,
      action: null,
      decision: null,
      row,
    })),
  ];
  const counts: Partial<Record<AnyFinding, number>> = {};
  for (const { finding } of items) counts[finding] = (counts[finding] ?? 0) + 1;
  const id = newId('rcn', nowMs);
  const settings = { type, tools, mapping, toleranceMinutes, rows: table.value.rows.length };
  const digest = formatDigest('sha-256', sha256(utf8(content)));
  const window = { from: new Date(period.fromMs), to: new Date(period.toMs) };
  await inTransaction(async (tx) => {
    const record = await journal(tx, {
      tenant,
      kind: 'reconciliation.imported',
      id,
      body: {
        reconciliation_id: id,
        by,
        system,
        type,
        tools,
        tolerance_minutes: toleranceMinutes,
        file_digest: digest,
        rows: table.value.rows.length,
        from: window.from.toISOString(),
        to: window.to.toISOString(),
        counts,
      },
      occurredAtMs: nowMs,
    });
    await tx.query(
      `INSERT INTO reconciliations (id, tenant, system, file_digest, settings, counts, from_at, to_at, imported_by,
         imported_at, stream, position) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
      [
        id,
        tenant,
        system,
        digest,
        JSON.stringify(settings),
        JSON.stringify(counts),
        window.from,
        window.to,
        by,
        new Date(nowMs),
        record.stream,
        record.position,
      ],
    );
    await insertItems(tx, id, items);
  });
  return { id };
}

const DAY_MS = 86_400_000;

/** What was asked for, or from the first to the last row; a day when the file says only days. */
function periodOf(
  { from, to }: Pick<ImportRequest, 'from' | 'to'>,
  actions: readonly ListedAction[],
): { fromMs: number; toMs: number } {
  const times = actions.flatMap(({ atMs }) => atMs ?? []);
  const first = from
    ? Date.parse(from)
    : times.reduce((least, each) => Math.min(least, each), Number.POSITIVE_INFINITY);
  const last = times.reduce((most, each) => Math.max(most, each), Number.NEGATIVE_INFINITY);
  const end = to ? Date.parse(to) : last % DAY_MS === 0 ? last + DAY_MS : last + 1;
  if (!Number.isFinite(first) || !Number.isFinite(end))
    throw new ServiceError('list_invalid', 'No row says when: name the time that the list covers.');
  if (end <= first)
    throw new ServiceError('list_invalid', 'The time that the list covers ends before it begins.');
  return { fromMs: first, toMs: end };
}

async function insertItems(tx: Tx, id: string, items: readonly StoredItem[]): Promise<void> {
  const iso = (ms: number | null | undefined) => (ms == null ? null : new Date(ms).toISOString());
  await tx.query(
    `INSERT INTO reconciliation_items (reconciliation, n, finding, line, external_id, amount, currency, at, decision,
       decided_amount, decided_currency, decided_at)
     SELECT $1, u.* FROM unnest($2::int[], $3::text[], $4::int[], $5::text[], $6::numeric[], $7::text[], $8::timestamptz[],
       $9::text[], $10::numeric[], $11::text[], $12::timestamptz[]) AS u`,
    [
      id,
      items.map((_, index) => index + 1),
      items.map(({ finding }) => finding),
      items.map(({ row }) => row),
      items.map(({ action }) => action?.id ?? null),
      items.map(({ action }) => action?.amount ?? null),
      items.map(({ action }) => action?.currency ?? null),
      items.map(({ action }) => iso(action?.atMs)),
      items.map(({ decision }) => decision?.id ?? null),
      items.map(({ decision }) => decision?.amount ?? null),
      items.map(({ decision }) => decision?.currency ?? null),
      items.map(({ decision }) => iso(decision?.atMs)),
    ],
  );
}
