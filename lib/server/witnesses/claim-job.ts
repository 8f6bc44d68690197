import { inTransaction } from '../database/transaction';

export interface WitnessJob {
  witness: string;
  size: number;
  kind: 'stamp' | 'upgrade';
  /** Failures in a row before this try. */
  attempts: number;
}

/** Longer than one try may take: after a crash the job is due again. */
export const LEASE_MS = 90_000;

/**
 * Takes the job that has waited longest, for this process alone until the lease ends; null when none is due. A job of a
 * disabled witness waits until it is enabled.
 */
export async function claimJob(nowMs: number): Promise<WitnessJob | null> {
  return inTransaction(async (tx) => {
    const claimed = await tx.query<WitnessJob>(
      // Materialised: looked for anew beside each row, a second due job would be taken and nobody would do it.
      `WITH d AS MATERIALIZED (
         SELECT due.witness, due.size, due.kind FROM witness_jobs due JOIN witnesses w ON w.name = due.witness
          WHERE due.next_at <= $1 AND w.enabled ORDER BY due.next_at LIMIT 1 FOR UPDATE OF due SKIP LOCKED)
       UPDATE witness_jobs j SET next_at = $2 FROM d
        WHERE j.witness = d.witness AND j.size = d.size AND j.kind = d.kind
        RETURNING j.witness, j.size, j.kind, j.attempts`,
      [new Date(nowMs), new Date(nowMs + LEASE_MS)],
    );
    return claimed.rows[0] ?? null;
  });
}
