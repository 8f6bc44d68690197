import { expiryOf, PAYLOAD_KINDS } from '@/lib/retention/schedule';
import { nowMs as clockNowMs } from '../clock';
import { getPool } from '../database/pool';
import { inTransaction } from '../database/transaction';
import { applySchedule } from './apply-schedule';
import { deleteDue } from './delete-due';
import { findSchedule } from './find-schedule';

const MONTH_MS = 32 * 86_400_000;

/**
 * One pass of retention over every tenant (or one): what is kept is measured by the schedule in force, what is due and not held
 * is deleted and recorded, emptied months are dropped and coming ones made. What is due stands in the rows themselves, so a
 * pass that was cut short is simply made again; several processes may run it at once, the holds' lock orders them.
 * @returns rows that were deleted
 */
export async function runRetention({
  nowMs = clockNowMs(),
  tenant = null,
}: {
  nowMs?: number;
  tenant?: string | null;
} = {}): Promise<number> {
  const tenants = await getPool().query<{ id: string }>(
    'SELECT id FROM tenants WHERE $1::text IS NULL OR id = $1 ORDER BY id',
    [tenant],
  );
  let deleted = 0;
  for (const { id } of tenants.rows) {
    await applySchedule(id);
    deleted += await deleteDue(id, { nowMs });
    await makeComingMonths(id, nowMs);
  }
  await dropEmptyMonths(nowMs);
  return deleted;
}

/** Where the contents of this month and the next will lie, so that nobody has to make the place while keeping one. */
async function makeComingMonths(tenant: string, nowMs: number): Promise<void> {
  const { schedule } = await findSchedule(getPool(), tenant);
  const expiries = PAYLOAD_KINDS.flatMap((kind) => [
    expiryOf(schedule, kind, nowMs),
    expiryOf(schedule, kind, nowMs + MONTH_MS),
  ]);
  for (const month of new Set(expiries.map((ms) => new Date(ms).toISOString().slice(0, 7))))
    await getPool().query('SELECT ensure_payload_partition($1)', [new Date(`${month}-01T00:00:00.000Z`)]);
}

async function dropEmptyMonths(nowMs: number): Promise<void> {
  const past = await getPool().query<{ name: string }>('SELECT list_past_payload_partitions($1) AS name', [
    new Date(nowMs),
  ]);
  for (const { name } of past.rows)
    await inTransaction(async (tx) => {
      // Whoever reads or keeps something just now is not made to wait long; the next pass tries again.
      await tx.query("SET LOCAL lock_timeout = '2s'");
      await tx.query('SELECT drop_payload_partition($1)', [name]);
    }).catch((error: unknown) => {
      if ((error as { code?: unknown }).code !== '55P03') throw error;
    });
}
