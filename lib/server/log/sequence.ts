import { signCheckpoint } from '@/lib/integrity/checkpoint';
import { edgeRoot, formatEdge } from '@/lib/integrity/edge';
import { splitHashes } from '@/lib/integrity/entry-run';
import { HASH_BYTES } from '@/lib/integrity/merkle';
import { FULL_TILE_BYTES } from '@/lib/integrity/tile';
import { nowMs } from '../clock';
import { getConfig } from '../config';
import { getPool } from '../database/pool';
import { inTransaction, type Tx } from '../database/transaction';
import { arrayLiteral } from '../records/array-literal';
import { buildTiles, type FullTile } from './build-tiles';
import { LogInconsistency } from './log-error';
import { LOG_NAME, type LogHead, lockLogHead, logSigner } from './log-head';
import { type LogRun, readBacklog, readRuns } from './read-backlog';
import { readHashes } from './read-hashes';

/** Bounds one transaction, and how long its hashing may hold up the process. */
const MAX_LEAVES = 8_192;

/** Any number that nothing else in this database uses. */
const LEADER_LOCK = 7_270_736_901;

export type SequenceOutcome =
  | { outcome: 'published'; size: number; integrated: number; remaining: number }
  | { outcome: 'waiting'; backlog: number }
  /** Another process sequences, or the log is halted. */
  | { outcome: 'idle' };

/**
 * Takes waiting records into the log and signs the new head, all in one transaction: a crash before the commit leaves
 * nothing, after it everything. Publishes when `checkpointRecords` wait, or anything waits and `checkpointSeconds`
 * have passed. Safe with any number of sequencers: the leader's lock saves work, the head's row lock and
 * compare-and-swap keep two from ever signing different trees.
 * @param options.force publish whatever waits
 * @throws LogInconsistency after halting the log; other errors are worth another try
 */
export async function sequence(
  options: { nowMs?: number; force?: boolean; maxLeaves?: number } = {},
): Promise<SequenceOutcome> {
  try {
    return await inTransaction((tx) => sequenceIn(tx, options));
  } catch (error) {
    const halt = isUniqueViolation(error)
      ? new LogInconsistency(
          'entries_beyond_head',
          'the log holds entries or tiles that its head does not count',
        )
      : error;
    if (halt instanceof LogInconsistency) {
      await getPool().query('UPDATE log_heads SET halted_code = $2 WHERE log = $1 AND halted_code IS NULL', [
        LOG_NAME,
        halt.code,
      ]);
    }
    throw halt;
  }
}

async function sequenceIn(
  tx: Tx,
  { nowMs: at = nowMs(), force = false, maxLeaves = MAX_LEAVES }: Parameters<typeof sequence>[0] & object,
): Promise<SequenceOutcome> {
  const leader = await tx.query<{ leads: boolean }>('SELECT pg_try_advisory_xact_lock($1) AS leads', [
    LEADER_LOCK,
  ]);
  if (!leader.rows[0]?.leads) return { outcome: 'idle' };
  const head = await lockLogHead(tx);
  if (!head) return { outcome: 'idle' };
  const backlog = await readBacklog(tx);
  const waiting = backlog.reduce((sum, { integrated, position }) => sum + position - integrated, 0);
  if (waiting === 0 || !(force || isDue(head, waiting, at))) return { outcome: 'waiting', backlog: waiting };
  const runs = await readRuns(tx, backlog, maxLeaves);
  const integrated = runs.reduce((sum, { count }) => sum + count, 0);
  const size = await integrate(tx, head, runs, at);
  return { outcome: 'published', size, integrated, remaining: waiting - integrated };
}

function isDue(head: LogHead, waiting: number, at: number): boolean {
  const { checkpointRecords, checkpointSeconds } = getConfig();
  return waiting >= checkpointRecords || at - head.checkpointAtMs >= checkpointSeconds * 1000;
}

/**
 * Takes these runs into the tree behind `head`, signs the new head and publishes it, in the caller's transaction.
 * @returns the new size
 */
export async function integrate(tx: Tx, head: LogHead, runs: readonly LogRun[], at: number): Promise<number> {
  const oldSize = head.edge.size;
  const { edge, tiles } = await buildTiles(
    head.edge,
    runs.flatMap(({ leaves }) => splitHashes(leaves)),
    (level, from, to) => readHashes(tx, level, from, to),
  );
  await insertEntries(tx, oldSize, runs);
  await insertTiles(tx, tiles);
  await advanceIntegrations(tx, runs);
  const root = edgeRoot(edge);
  const signer = logSigner();
  const note = signCheckpoint({ origin: signer.name, size: edge.size, root }, signer);
  await tx.query('INSERT INTO checkpoints (size, root, note, created_at) VALUES ($1, $2, $3, $4)', [
    edge.size,
    Buffer.from(root),
    Buffer.from(note),
    new Date(at),
  ]);
  const swapped = await tx.query(
    `UPDATE log_heads SET size = $3, edge = $4, checkpoint_size = $3, checkpoint_at = $5
     WHERE log = $1 AND size = $2 AND halted_code IS NULL`,
    [LOG_NAME, oldSize, edge.size, Buffer.from(formatEdge(edge)), new Date(at)],
  );
  if (swapped.rowCount !== 1) throw new Error('sequence: the head moved under its lock');
  return edge.size;
}

async function insertEntries(tx: Tx, firstIndex: number, runs: readonly LogRun[]): Promise<void> {
  await tx.query({
    name: 'insert-entries',
    text: `INSERT INTO entries (index, stream, position, count, leaves)
      SELECT $1::bigint + e.before, e.stream, e.position, e.count, substring($2::bytea FROM 32 * e.before + 1 FOR 32 * e.count)
      FROM unnest($3::int[], $4::text[], $5::bigint[], $6::int[]) AS e(before, stream, position, count)`,
    values: [
      firstIndex,
      Buffer.concat(runs.map(({ leaves }) => leaves)),
      arrayLiteral(countBefore(runs)),
      arrayLiteral(runs.map(({ stream }) => stream)),
      arrayLiteral(runs.map(({ position }) => position)),
      arrayLiteral(runs.map(({ count }) => count)),
    ],
  });
}

/** Leaves before each run. */
function countBefore(runs: readonly LogRun[]): number[] {
  let before = 0;
  return runs.map(({ count }) => {
    before += count;
    return before - count;
  });
}

async function insertTiles(tx: Tx, tiles: readonly FullTile[]): Promise<void> {
  if (tiles.length === 0) return;
  await tx.query({
    name: 'insert-tiles',
    text: `INSERT INTO tiles (level, n, hashes, root)
      SELECT t.level, t.n, substring($1::bytea FROM ${FULL_TILE_BYTES} * (t.ord - 1)::int + 1 FOR ${FULL_TILE_BYTES}),
        substring($2::bytea FROM ${HASH_BYTES} * (t.ord - 1)::int + 1 FOR ${HASH_BYTES})
      FROM unnest($3::int[], $4::bigint[]) WITH ORDINALITY AS t(level, n, ord)`,
    values: [
      Buffer.concat(tiles.map(({ hashes }) => hashes)),
      Buffer.concat(tiles.map(({ root }) => root)),
      tiles.map(({ level }) => level),
      tiles.map(({ n }) => n),
    ],
  });
}

async function advanceIntegrations(tx: Tx, runs: readonly LogRun[]): Promise<void> {
  await tx.query(
    `INSERT INTO stream_integrations (stream, position) SELECT * FROM unnest($1::text[], $2::bigint[])
     ON CONFLICT (stream) DO UPDATE SET position = EXCLUDED.position`,
    [runs.map(({ stream }) => stream), runs.map(({ position, count }) => position + count - 1)],
  );
}

function isUniqueViolation(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === '23505';
}
