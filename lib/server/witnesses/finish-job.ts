import type { Tx } from '../database/transaction';
import { inTransaction } from '../database/transaction';
import { backOffMs } from '../jobs/back-off';
import type { WitnessJob } from './claim-job';
import type { JudgedReceipt } from './judge-receipt';
import { WitnessError } from './witness-adapter';

export interface NewReceipt extends JudgedReceipt {
  type: string;
  receipt: Uint8Array;
  state: 'complete' | 'pending';
}

/**
 * Keeps what a job brought, if it is news, and says what remains to be done: nothing, or another look at `retryAtMs`.
 * The `n`-th receipt of one witness over one checkpoint follows the ones before; none is ever replaced.
 */
export async function keepReceipt(
  job: WitnessJob,
  found: NewReceipt,
  options: {
    retryAtMs: number | null;
    isNews: boolean;
    /** Nothing matures: only the newest receipt without a pinned root is worth looking at again. */
    supersedes: boolean;
    nowMs: number;
  },
): Promise<void> {
  const { retryAtMs, isNews, supersedes, nowMs } = options;
  await inTransaction(async (tx) => {
    // Serialises the numbering with whoever else works for this witness.
    await tx.query('SELECT 1 FROM witnesses WHERE name = $1 FOR UPDATE', [job.witness]);
    if (isNews) await insertReceipt(tx, job, found, nowMs);
    if (job.kind === 'stamp') await endStamp(tx, job, nowMs);
    await tx.query(
      "DELETE FROM witness_jobs WHERE witness = $1 AND kind = 'upgrade' AND (size = $2 OR ($3 AND size < $2))",
      [job.witness, job.size, supersedes],
    );
    if (retryAtMs === null) return;
    await tx.query(
      `INSERT INTO witness_jobs (witness, size, kind, attempts, next_at, created_at)
       VALUES ($1, $2, 'upgrade', 0, $3, $4) ON CONFLICT DO NOTHING`,
      [job.witness, job.size, new Date(retryAtMs), new Date(nowMs)],
    );
  });
}

async function insertReceipt(tx: Tx, job: WitnessJob, found: NewReceipt, nowMs: number): Promise<void> {
  const { witnessedAtMs } = found.report;
  await tx.query(
    `INSERT INTO receipts (size, witness, n, type, receipt, state, witnessed_at, verified_at, report, authority, roots)
     SELECT $1, $2, coalesce(max(n), 0) + 1, $3, $4, $5, $6, $7, $8, $9, $10
       FROM receipts WHERE size = $1 AND witness = $2`,
    [
      job.size,
      job.witness,
      found.type,
      Buffer.from(found.receipt),
      found.state,
      witnessedAtMs === null ? null : new Date(witnessedAtMs),
      new Date(nowMs),
      JSON.stringify(found.report),
      found.authority,
      found.roots,
    ],
  );
}

/** The witness answers again; if a newer checkpoint has taken the job's place meanwhile, it is asked for it at once. */
async function endStamp(tx: Tx, { witness, size }: WitnessJob, nowMs: number): Promise<void> {
  await tx.query("DELETE FROM witness_jobs WHERE witness = $1 AND kind = 'stamp' AND size <= $2", [
    witness,
    size,
  ]);
  await tx.query(
    `UPDATE witness_jobs SET attempts = 0, next_at = $2, last_error = NULL, last_error_at = NULL
      WHERE witness = $1 AND kind = 'stamp'`,
    [witness, new Date(nowMs)],
  );
}

/** What a job failed with: an adapter's closed code, or `receipt_invalid` with the check's own. */
export function errorCodeOf(error: unknown): string {
  return error instanceof WitnessError ? error.code : 'internal';
}

/** Keeps the job for another try, later each time. A stamp that was aimed at a newer checkpoint meanwhile waits as well. */
export async function postponeJob(
  tx: Tx,
  job: WitnessJob,
  failed: { code: string; error: WitnessError | null; nowMs: number; random: number },
): Promise<void> {
  const { code, error, nowMs, random } = failed;
  const nextAt = new Date(nowMs + backOffMs(job.attempts + 1, error, random));
  await tx.query(
    `UPDATE witness_jobs SET attempts = attempts + 1, next_at = $4, last_error = $5, last_error_at = $6
      WHERE witness = $1 AND kind = $2 AND (kind = 'stamp' OR size = $3)`,
    [job.witness, job.kind, job.size, nextAt, code, new Date(nowMs)],
  );
}

/** Gives an interrupted job back as it was: whoever comes next may take it at once. */
export async function releaseJob(tx: Tx, job: WitnessJob, nowMs: number): Promise<void> {
  await tx.query(
    "UPDATE witness_jobs SET next_at = $4 WHERE witness = $1 AND kind = $2 AND (kind = 'stamp' OR size = $3)",
    [job.witness, job.kind, job.size, new Date(nowMs)],
  );
}
