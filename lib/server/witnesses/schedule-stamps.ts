import { inTransaction, type Tx } from '../database/transaction';

/**
 * Sees to it that every enabled witness whose time has come is asked for the newest checkpoint. A witness has at most one
 * stamp to give: a newer checkpoint takes the place of one that still waits, because a receipt over the newer covers
 * everything that the older would have (every checkpoint continues the one before). What was learnt of the witness's
 * health stays: attempts, its last error, and when to ask again.
 */
export async function scheduleStamps(nowMs: number): Promise<void> {
  await inTransaction(async (tx) => {
    const newest = await tx.query<{ size: number }>(
      'SELECT size FROM checkpoints ORDER BY size DESC LIMIT 1',
    );
    const size = newest.rows[0]?.size ?? 0;
    // The empty log has nothing to witness.
    if (size > 0) await schedule(tx, size, new Date(nowMs));
  });
}

/** Witnesses that another process is scheduling, or somebody is changing, are left to them. */
async function schedule(tx: Tx, size: number, now: Date): Promise<void> {
  const due = await tx.query<{ name: string }>(
    `SELECT w.name FROM witnesses w
       LEFT JOIN witness_jobs j ON j.witness = w.name AND j.kind = 'stamp'
       LEFT JOIN LATERAL (
         SELECT r.size, r.verified_at FROM receipts r WHERE r.witness = w.name AND r.n = 1 AND r.size = greatest(
           (SELECT max(c.size) FROM receipts c WHERE c.witness = w.name AND c.state = 'complete'),
           (SELECT max(p.size) FROM receipts p WHERE p.witness = w.name AND p.state = 'pending'))) AS last ON true
      WHERE w.enabled AND coalesce(last.size, 0) < $1 AND coalesce(j.size, 0) < $1
        AND (j.size IS NOT NULL OR last.verified_at IS NULL OR w.every_seconds = 0 OR last.verified_at > $2
             OR last.verified_at + make_interval(secs => w.every_seconds) <= $2)
      ORDER BY w.name FOR UPDATE OF w SKIP LOCKED`,
    [size, now],
  );
  for (const { name } of due.rows) await aim(tx, name, size, now);
}

/**
 * Aims the witness's one stamp at this checkpoint. Asked again under the witness's lock, in statements of their own: what
 * was seen before it may be old, and two stamps of one witness must never stand beside each other.
 */
async function aim(tx: Tx, witness: string, size: number, now: Date): Promise<void> {
  await tx.query("UPDATE witness_jobs SET size = $2 WHERE witness = $1 AND kind = 'stamp' AND size < $2", [
    witness,
    size,
  ]);
  await tx.query(
    `INSERT INTO witness_jobs (witness, size, kind, attempts, next_at, created_at)
     SELECT $1, $2, 'stamp', 0, $3, $3
      WHERE NOT EXISTS (SELECT 1 FROM witness_jobs WHERE witness = $1 AND kind = 'stamp')
        AND NOT EXISTS (SELECT 1 FROM receipts WHERE witness = $1 AND size >= $2)`,
    [witness, size, now],
  );
}
