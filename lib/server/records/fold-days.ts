import { inTransaction, type Tx } from '../database/transaction';
import { DIMENSIONS, dimensionValues } from './rollup-dimensions';

const DAY_MS = 86_400_000;
/** A late day is folded once nothing more came for so long: an import of the past does not fold it again and again. */
export const QUIET_MS = 60_000;

const VALUES = dimensionValues(['', ...DIMENSIONS]);

/** Steps from day to day in the key of `rollup_days`, so that it costs days, not rows. */
const DUE = `WITH RECURSIVE days AS (
    (SELECT tenant, day FROM rollup_days ORDER BY tenant, day LIMIT 1)
    UNION ALL
    SELECT next.tenant, next.day FROM days d, LATERAL (SELECT r.tenant, r.day FROM rollup_days r
      WHERE (r.tenant, r.day) > (d.tenant, d.day) ORDER BY r.tenant, r.day LIMIT 1) AS next)
  SELECT tenant, day FROM days d WHERE day <= $1
     AND NOT EXISTS (SELECT 1 FROM rollup_folds f WHERE f.tenant = d.tenant AND f.day = d.day)
     AND NOT EXISTS (SELECT 1 FROM rollup_late l WHERE l.tenant = d.tenant AND l.day = d.day)
  UNION ALL
  SELECT tenant, day FROM rollup_late WHERE day <= $1 GROUP BY 1, 2 HAVING max(marked_at) <= $2
  ORDER BY tenant, day`;

/** In the key's order, so that what one question reads of a day lies together. */
const FOLD = `INSERT INTO rollup_pairs (tenant, day, by_dim, dim, by_value, value, verdict, n)
  SELECT r.tenant, r.day, b.dim, d.dim, b.value, d.value, r.verdict, sum(r.n)
    FROM rollup_days r, LATERAL ${VALUES} AS b(dim, value), LATERAL ${VALUES} AS d(dim, value)
   WHERE r.tenant = $1 AND r.day = $2 GROUP BY 1, 2, 3, 4, 5, 6, 7 ORDER BY 3, 4, 5, 6, 7`;

const LOCK = "hashtextextended('countersign/folds', 0)";

export interface TenantDay {
  tenant: string;
  /** Midnight UTC at which it begins. */
  day: Date;
}

/** Keeps every other transaction from folding until this one ends, and waits for one that does. */
export async function lockFolds(tx: Tx): Promise<void> {
  await tx.query(`SELECT pg_advisory_xact_lock(${LOCK})`);
}

/**
 * Days to fold: those that ended more than one whole day ago and are not folded, or got decisions since. Appends mark a
 * day as soon as it has ended; the whole day between absorbs transactions that began before midnight and consoles whose
 * clocks differ.
 * @param quietMs how long nothing may have come for a late day
 */
export async function listDaysToFold(
  tx: Tx,
  { nowMs, quietMs = QUIET_MS }: { nowMs: number; quietMs?: number },
): Promise<TenantDay[]> {
  const due = await tx.query<TenantDay>(DUE, [new Date(nowMs - 2 * DAY_MS), new Date(nowMs - quietMs)]);
  return due.rows;
}

/**
 * Counts one day's decisions by every two dimensions, in the caller's transaction, which holds `lockFolds` and must be
 * READ COMMITTED. Locks no row of `rollup_days`: appends wait for it only where they mark this very day as late.
 */
export async function foldDay(tx: Tx, { tenant, day }: TenantDay): Promise<void> {
  const which = [tenant, day];
  // Waits for an append that has marked the day again and not yet committed; the statements after it see what it wrote.
  // An append that marks the day for the first time meanwhile leaves its mark behind: the day is late, and read as such.
  await tx.query('DELETE FROM rollup_late WHERE tenant = $1 AND day = $2', which);
  await tx.query('DELETE FROM rollup_pairs WHERE tenant = $1 AND day = $2', which);
  await tx.query(FOLD, which);
  await tx.query('INSERT INTO rollup_folds (tenant, day) VALUES ($1, $2) ON CONFLICT DO NOTHING', which);
}

/**
 * Folds what is due, a transaction a day; leaves it to another process that is at it.
 * @returns days folded
 */
export async function foldDueDays(
  at: { nowMs: number; quietMs?: number },
  signal?: AbortSignal,
): Promise<number> {
  let folded = 0;
  for (const day of await inTransaction((tx) => listDaysToFold(tx, at))) {
    if (signal?.aborted) break;
    const isMine = await inTransaction(async (tx) => {
      const lock = await tx.query<{ mine: boolean }>(`SELECT pg_try_advisory_xact_lock(${LOCK}) AS mine`);
      if (!lock.rows[0]?.mine) return false;
      await tx.query('SET LOCAL statement_timeout = 0');
      await foldDay(tx, day);
      return true;
    });
    if (!isMine) break;
    folded++;
  }
  return folded;
}
