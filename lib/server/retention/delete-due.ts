import { PAYLOAD_KINDS, type RetentionKind, type RetentionSchedule } from '@/lib/retention/schedule';
import type { Tx } from '../database/transaction';
import { inVaultTransaction } from '../database/vault-pool';
import { PAYLOAD_IS_HELD, SUBJECT_IS_HELD } from '../holds/hold-conditions';
import { lockHolds } from '../holds/lock-holds';
import { newId } from '../random';
import { journal } from '../records/journal';
import { type ActiveSchedule, findSchedule } from './find-schedule';

/** Rows of one transaction. */
const BATCH = 1_000;
const DAY_MS = 86_400_000;

interface Gone {
  n: number;
  held: number;
}

/**
 * Deletes what is past its time in one tenant and held by nobody, batch by batch. Each batch asks the holds under their lock,
 * goes by one schedule, and leaves one `retention.deleted` record that names it, in the transaction that deletes. What is not
 * yet measured by that schedule (`applySchedule`) is left for the next pass.
 * @returns how many rows went
 */
export async function deleteDue(tenant: string, { nowMs }: { nowMs: number }): Promise<number> {
  let total = 0;
  for (const kind of PAYLOAD_KINDS)
    total += await inBatches(
      (tx, { record, version }) => deletePayloads(tx, { tenant, kind, record, version, nowMs }),
      { tenant, kind, nowMs },
    );
  total += await inBatches((tx, { schedule }) => deleteIdentifiers(tx, { tenant, schedule, nowMs }), {
    tenant,
    kind: 'identifier',
    nowMs,
  });
  return total;
}

async function inBatches(
  work: (tx: Tx, by: ActiveSchedule & { record: string }) => Promise<Gone>,
  of: { tenant: string; kind: RetentionKind; nowMs: number },
): Promise<number> {
  for (let total = 0; ; ) {
    const n = await inVaultTransaction(async (tx) => {
      await lockHolds(tx, of.tenant);
      const by = { ...(await findSchedule(tx, of.tenant)), record: newId('rec', of.nowMs) };
      const gone = await work(tx, by);
      if (gone.n > 0) await recordDeletion(tx, { ...of, ...by, ...gone });
      return gone.n;
    });
    total += n;
    if (n < BATCH) return total;
  }
}

async function deletePayloads(
  tx: Tx,
  of: { tenant: string; kind: RetentionKind; record: string; version: number; nowMs: number },
): Promise<Gone> {
  const now = new Date(of.nowMs);
  const gone = await tx.query(
    `WITH due AS (
       SELECT p.ref, p.expires_at FROM payloads p
        WHERE p.tenant = $1 AND p.kind = $2 AND p.expires_at <= $3 AND p.schedule >= $5 AND NOT ${PAYLOAD_IS_HELD}
        ORDER BY p.expires_at LIMIT ${BATCH}),
     gone AS (
       DELETE FROM payloads d USING due WHERE d.ref = due.ref AND d.expires_at = due.expires_at
       RETURNING d.tenant, d.ref, d.digest)
     INSERT INTO payload_ends (tenant, ref, digest, cause, ended_at, record)
     SELECT tenant, ref, digest, 'retention', $3, $4 FROM gone ON CONFLICT (tenant, ref) DO NOTHING`,
    [of.tenant, of.kind, now, of.record, of.version],
  );
  // What holds keep is counted for the record; where nothing went there is none.
  if (gone.rowCount === 0) return { n: 0, held: 0 };
  const held = await tx.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM payloads p
      WHERE p.tenant = $1 AND p.kind = $2 AND p.expires_at <= $3 AND ${PAYLOAD_IS_HELD}`,
    [of.tenant, of.kind, now],
  );
  return { n: gone.rowCount ?? 0, held: held.rows[0]?.n ?? 0 };
}

/** An identifier is due so many days after its making or its subject's last decision, whichever is later. */
async function deleteIdentifiers(
  tx: Tx,
  { tenant, schedule, nowMs }: { tenant: string; schedule: RetentionSchedule; nowMs: number },
): Promise<Gone> {
  if (schedule.identifier === null) return { n: 0, held: 0 };
  const cutoff = new Date(nowMs - schedule.identifier * DAY_MS);
  const due = `s.tenant = $1 AND s.created_at <= $2 AND NOT EXISTS (SELECT 1 FROM decision_subjects d
    WHERE d.tenant = s.tenant AND d.token = s.token AND d.occurred_at > $2)`;
  const gone = await tx.query(
    `DELETE FROM vault.identifiers WHERE (tenant, token) IN (
       SELECT s.tenant, s.token FROM vault.identifiers s WHERE ${due} AND NOT ${SUBJECT_IS_HELD} LIMIT ${BATCH})`,
    [tenant, cutoff],
  );
  if (gone.rowCount === 0) return { n: 0, held: 0 };
  const held = await tx.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM vault.identifiers s WHERE ${due} AND ${SUBJECT_IS_HELD}`,
    [tenant, cutoff],
  );
  return { n: gone.rowCount ?? 0, held: held.rows[0]?.n ?? 0 };
}

async function recordDeletion(
  tx: Tx,
  of: { tenant: string; kind: RetentionKind; nowMs: number; record: string } & ActiveSchedule & Gone,
): Promise<void> {
  const { tenant, kind, nowMs, record: id, version, schedule, n, held } = of;
  const at = new Date(nowMs);
  const record = await journal(tx, {
    tenant,
    kind: 'retention.deleted',
    id,
    body: {
      policy: { id: 'retention-schedule', version: String(version) },
      scope: { kind, kept_days: schedule[kind] ?? undefined, due_before: at.toISOString() },
      count: n,
      held,
    },
    occurredAtMs: nowMs,
  });
  await tx.query(
    `INSERT INTO retention_deletions (id, tenant, at, kind, schedule, due_before, n, held, stream, position)
     VALUES ($1, $2, $3, $4, $5, $3, $6, $7, $8, $9)`,
    [id, tenant, at, kind, version, n, held, record.stream, record.position],
  );
}
