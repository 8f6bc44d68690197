import { conditionCode } from '@/lib/conditions/condition';
import { describeHole } from '@/lib/conditions/decide-conditions';
import { nowMs as clockNowMs } from '../clock';
import { getPool } from '../database/pool';
import { inTransaction } from '../database/transaction';
import { checkCondition } from './check-condition';
import { closeCondition } from './close-condition';
import { openConditions } from './open-conditions';

/** Bounds one pass. */
const MAX_PER_PASS = 100;

/**
 * One pass over what comes and goes by itself: a hole in a producer's counter opens a condition as soon as it is seen, and
 * a condition about something missing is closed when that has arrived. Several processes may sweep at once.
 */
export async function sweepConditions({ nowMs = clockNowMs() } = {}): Promise<{
  opened: number;
  closed: number;
}> {
  return { closed: await closeArrived(nowMs), opened: await openHoles(nowMs) };
}

async function closeArrived(nowMs: number): Promise<number> {
  const open = await getPool().query<{ id: string; tenant: string; code: string; scope: string }>(
    `SELECT id, tenant, code, scope FROM integrity_conditions
      WHERE resolved_at IS NULL AND code IN ('continuity_missing', 'lineage_hole')
      ORDER BY random() LIMIT ${MAX_PER_PASS}`,
  );
  let closed = 0;
  for (const row of open.rows) {
    const condition = { ...row, code: conditionCode.parse(row.code) };
    closed += await inTransaction(async (tx) => {
      const locked = await tx.query(
        'SELECT 1 FROM integrity_conditions WHERE id = $1 AND resolved_at IS NULL FOR UPDATE SKIP LOCKED',
        [row.id],
      );
      if (!locked.rowCount) return 0;
      const { holds, detail } = await checkCondition(tx, condition, nowMs);
      if (holds) return 0;
      const closing = {
        resolution: 'cleared',
        by: 'console',
        reasonCode: 'arrived',
        reason: null,
        detail,
      } as const;
      await closeCondition(tx, condition, closing, nowMs);
      return 1;
    });
  }
  return closed;
}

/** A hole counts unless a condition about its stream is open, or somebody has answered for every number of it. */
async function openHoles(nowMs: number): Promise<number> {
  const holes = await getPool().query<{ stream: string; tenant: string; from_seq: number; to_seq: number }>(
    `SELECT DISTINCT ON (g.stream) g.stream, s.tenant, g.from_seq, g.to_seq
       FROM stream_gaps g JOIN streams s ON s.stream = g.stream
      WHERE NOT EXISTS (SELECT 1 FROM integrity_conditions c
         WHERE c.tenant = s.tenant AND c.scope = 'stream:' || g.stream AND c.code = 'continuity_missing'
           AND (c.resolved_at IS NULL OR (c.resolution = 'accepted' AND EXISTS (
             SELECT 1 FROM jsonb_to_recordset(c.gaps) AS a ("fromSeq" bigint, "toSeq" bigint)
              WHERE a."fromSeq" <= g.from_seq AND a."toSeq" >= g.to_seq))))
      ORDER BY g.stream, g.from_seq LIMIT ${MAX_PER_PASS}`,
  );
  let opened = 0;
  for (const { stream, tenant, from_seq, to_seq } of holes.rows) {
    const hole = describeHole({ stream, fromSeq: from_seq, toSeq: to_seq });
    opened += await openConditions({ tenant }, [hole], { nowMs });
  }
  return opened;
}
