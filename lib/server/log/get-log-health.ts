import type { WitnessHealth } from '@/lib/evidence/witness-view';
import { getPool } from '../database/pool';
import type { Tx } from '../database/transaction';
import { getCoverage, sizeSeenBy } from '../witnesses/get-coverage';
import { listWitnessHealth } from '../witnesses/list-witnesses';
import { LOG_NAME } from './log-head';

export interface LogHealth {
  treeSize: number;
  checkpointSize: number;
  checkpointAt: Date | null;
  /** Records that wait for the next checkpoint. */
  backlogRecords: number;
  /** A `LogHaltCode`, or null while the log runs. */
  haltedCode: string | null;
  witnesses: {
    /** Distinct authorities whose witnesses are up to date. */
    ok: number;
    /** Witnesses that are asked. */
    total: number;
    /** When the newest VALID receipt was verified. */
    lastAt: Date | null;
    /** Publication of the first checkpoint that fewer than the required authorities have seen; null when they saw all. */
    unwitnessedSince: Date | null;
    each: WitnessHealth[];
  };
}

/** The state of the log, without anything of any tenant. `required`: how many authorities must have seen a checkpoint. */
export async function getLogHealth(
  tx: Tx = getPool(),
  { required = 1, nowMs }: { required?: number; nowMs?: number } = {},
): Promise<LogHealth> {
  const rows = await tx.query<{
    size: number;
    checkpoint_size: number;
    checkpoint_at: Date;
    halted_code: string | null;
    backlog: number;
  }>({
    name: 'log-health',
    text: `SELECT h.size, h.checkpoint_size, h.checkpoint_at, h.halted_code,
        (SELECT coalesce(sum(s.position), 0)::bigint FROM streams s)
          - (SELECT coalesce(sum(i.position), 0)::bigint FROM stream_integrations i) AS backlog
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
    witnesses: await readWitnesses(tx, required, nowMs),
  };
}

async function readWitnesses(tx: Tx, required: number, nowMs?: number): Promise<LogHealth['witnesses']> {
  const coverage = await getCoverage(tx);
  const witnesses = await listWitnessHealth(nowMs === undefined ? {} : { nowMs }, tx);
  const asked = witnesses.filter(({ enabled }) => enabled);
  const upToDate = asked.filter(({ state, lastSize }) => state === 'ok' && lastSize !== null);
  const unseen = await tx.query<{ created_at: Date }>({
    name: 'first-unseen-checkpoint',
    text: 'SELECT created_at FROM checkpoints WHERE size > $1 ORDER BY size LIMIT 1',
    values: [sizeSeenBy(coverage, required)],
  });
  return {
    ok: new Set(upToDate.map(({ latest }) => latest?.authority)).size,
    total: asked.length,
    lastAt: coverage.lastAt,
    unwitnessedSince: unseen.rows[0]?.created_at ?? null,
    each: witnesses,
  };
}
