import { getPool } from '../database/pool';
import type { Tx } from '../database/transaction';
import { LOG_NAME } from './log-head';

export interface LogHealth {
  treeSize: number;
  checkpointSize: number;
  checkpointAt: Date | null;
  /** Records that wait for the next checkpoint. */
  backlogRecords: number;
  /** A `LogHaltCode`, or null while the log runs. */
  haltedCode: string | null;
  /** Outside witnesses of the latest checkpoint; `lastAt` of any checkpoint. */
  witnesses: { ok: number; total: number; lastAt: Date | null };
}

/** The state of the log, without anything of any tenant. */
export async function getLogHealth(tx: Tx = getPool()): Promise<LogHealth> {
  const rows = await tx.query<{
    size: number;
    checkpoint_size: number;
    checkpoint_at: Date;
    halted_code: string | null;
    backlog: number;
    ok: number;
    total: number;
    last_at: Date | null;
  }>({
    name: 'log-health',
    text: `SELECT h.size, h.checkpoint_size, h.checkpoint_at, h.halted_code,
        (SELECT coalesce(sum(s.position), 0)::bigint FROM streams s)
          - (SELECT coalesce(sum(i.position), 0)::bigint FROM stream_integrations i) AS backlog,
        (SELECT count(DISTINCT r.witness)::int FROM receipts r WHERE r.size = h.checkpoint_size) AS ok,
        (SELECT count(DISTINCT r.witness)::int FROM receipts r) AS total,
        (SELECT max(r.verified_at) FROM receipts r) AS last_at
      FROM log_heads h WHERE h.log = $1`,
    values: [LOG_NAME],
  });
  const row = rows.rows[0];
  return {
    treeSize: row?.size ?? 0,
    checkpointSize: row?.checkpoint_size ?? 0,
    checkpointAt: row?.checkpoint_at ?? null,
    backlogRecords: Math.max(0, row?.backlog ?? 0),
    haltedCode: row?.halted_code ?? null,
    witnesses: { ok: row?.ok ?? 0, total: row?.total ?? 0, lastAt: row?.last_at ?? null },
  };
}
