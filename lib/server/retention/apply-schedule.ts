import { expiryOf, PAYLOAD_KINDS } from '@/lib/retention/schedule';
import type { Tx } from '../database/transaction';
import { inTransaction } from '../database/transaction';
import { findSchedule } from './find-schedule';

const BATCH = 2_000;

/** Measures what is kept already by the schedule in force, batch by batch. @returns how many rows got another expiry */
export async function applySchedule(tenant: string): Promise<number> {
  let total = 0;
  for (;;) {
    const n = await inTransaction((tx) => applyBatch(tx, tenant));
    total += n;
    if (n < BATCH) return total;
  }
}

async function applyBatch(tx: Tx, tenant: string): Promise<number> {
  const { version, schedule } = await findSchedule(tx, tenant);
  const found = await tx.query<{ ref: string; expires_at: Date; kind: string; created_at: Date }>(
    `SELECT ref, expires_at, kind, created_at FROM payloads WHERE tenant = $1 AND kind = ANY($2) AND schedule < $3
      LIMIT ${BATCH} FOR UPDATE`,
    [tenant, [...PAYLOAD_KINDS], version],
  );
  const moves = found.rows.flatMap((row) => {
    const kind = PAYLOAD_KINDS.find((known) => known === row.kind);
    const expires = kind && new Date(expiryOf(schedule, kind, row.created_at.getTime()));
    return expires ? [{ ...row, expires }] : [];
  });
  const months = new Map(moves.map(({ expires }) => [expires.toISOString().slice(0, 7), expires]));
  for (const expires of months.values()) await tx.query('SELECT ensure_payload_partition($1)', [expires]);
  if (moves.length > 0)
    await tx.query(
      `UPDATE payloads p SET expires_at = u.expires, schedule = $1
         FROM unnest($2::text[], $3::timestamptz[], $4::timestamptz[]) AS u(ref, expires_at, expires)
        WHERE p.ref = u.ref AND p.expires_at = u.expires_at`,
      [
        version,
        moves.map(({ ref }) => ref),
        moves.map(({ expires_at }) => expires_at),
        moves.map(({ expires }) => expires),
      ],
    );
  return moves.length;
}
