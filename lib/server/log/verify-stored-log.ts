import { equalBytes } from '@/lib/core/bytes';
import { LINK_BYTES } from '@/lib/integrity/chain';
import { checkpointKeyOf, verifyCheckpoint } from '@/lib/integrity/checkpoint';
import { type Edge, EMPTY_EDGE, edgeRoot } from '@/lib/integrity/edge';
import { hashRun, splitHashes } from '@/lib/integrity/entry-run';
import { levelWidth } from '@/lib/integrity/tile';
import type { Tx } from '../database/transaction';
import { buildTiles, type FullTile } from './build-tiles';
import { LogInconsistency } from './log-error';
import { logSigner } from './log-head';
import { readHashes } from './read-hashes';

/** At most this many runs at once, each of at most 8,192 records: some megabytes. */
const RUNS_PER_PAGE = 4;
const CHECKPOINTS_PER_PAGE = 1_000;

interface SignedSize {
  size: number;
  root: Buffer;
  note: Buffer;
}

export interface StoredLog {
  edge: Edge;
  /** The newest checkpoint as first published. */
  note: Uint8Array;
  checkpoints: number;
}

/**
 * Recomputes the whole log from the stored links: every leaf, every full tile and the root of every checkpoint ever
 * signed, each under the log's key. Time grows with the log; memory does not.
 * @throws LogInconsistency at the first thing that does not fit
 */
export async function verifyStoredLog(tx: Tx): Promise<StoredLog> {
  const signed = readCheckpoints(tx);
  const state = {
    edge: EMPTY_EDGE as Edge,
    next: await signed.next(),
    checkpoints: 0,
    note: new Uint8Array(),
  };
  const settle = async () => {
    while (!state.next.done && state.next.value.size === state.edge.size) {
      verifySigned(state.next.value, state.edge);
      state.note = new Uint8Array(state.next.value.note);
      state.checkpoints += 1;
      state.next = await signed.next();
    }
  };
  await settle();
  for await (const leaves of readLeaves(tx)) {
    for (let taken = 0; taken < leaves.length; ) {
      const until = state.next.done ? Number.POSITIVE_INFINITY : state.next.value.size - state.edge.size;
      const piece = leaves.slice(taken, taken + until);
      taken += piece.length;
      const built = await buildTiles(state.edge, piece, (level, from, to) => readHashes(tx, level, from, to));
      for (const tile of built.tiles) await verifyTile(tx, tile);
      state.edge = built.edge;
      await settle();
    }
  }
  if (!state.next.done)
    throw new LogInconsistency('records_missing', `entries end at ${state.edge.size}, before a signed size`);
  if (state.checkpoints === 0) throw new LogInconsistency('checkpoint_missing', 'nothing was ever signed');
  await verifyCounts(tx, state.edge);
  return { edge: state.edge, note: state.note, checkpoints: state.checkpoints };
}

async function* readCheckpoints(tx: Tx): AsyncGenerator<SignedSize, undefined> {
  for (let after = -1; ; ) {
    const page = await tx.query<SignedSize>(
      'SELECT size, root, note FROM checkpoints WHERE size > $1 ORDER BY size LIMIT $2',
      [after, CHECKPOINTS_PER_PAGE],
    );
    const last = page.rows.at(-1);
    if (!last) return undefined;
    yield* page.rows;
    after = last.size;
  }
}

function verifySigned({ size, root, note }: SignedSize, edge: Edge): void {
  const signer = logSigner();
  const verified = verifyCheckpoint(new Uint8Array(note), {
    origin: signer.name,
    logKey: checkpointKeyOf(signer),
  });
  if (!verified.ok) throw new LogInconsistency('log_key_mismatch', `checkpoint ${size}: ${verified.code}`);
  const computed = edgeRoot(edge);
  if (verified.value.size !== size || !equalBytes(verified.value.root, root) || !equalBytes(root, computed))
    throw new LogInconsistency('checkpoint_mismatch', `checkpoint ${size} is not the root of its entries`);
}

/** The leaves in order, each recomputed from the link of its record. */
async function* readLeaves(tx: Tx): AsyncGenerator<Uint8Array[]> {
  let index = 0;
  for (;;) {
    const page = await tx.query<{
      index: number;
      stream: string;
      position: number;
      count: number;
      leaves: Buffer;
      links: Buffer | null;
    }>(
      `SELECT e.index, e.stream, e.position, e.count, e.leaves, (SELECT string_agg(r.link, ''::bytea ORDER BY r.position)
          FROM records r WHERE r.stream = e.stream AND r.position BETWEEN e.position AND e.position + e.count - 1) AS links
        FROM entries e WHERE e.index >= $1 ORDER BY e.index LIMIT $2`,
      [index, RUNS_PER_PAGE],
    );
    if (page.rows.length === 0) return;
    for (const run of page.rows) {
      const { stream, position, count } = run;
      if (run.index !== index)
        throw new LogInconsistency(
          'records_missing',
          `no entry has index ${index}; the next is ${run.index}`,
        );
      if (run.links?.length !== count * LINK_BYTES)
        throw new LogInconsistency('records_missing', `${stream} lacks records from position ${position}`);
      const computed = hashRun({ stream, position, links: new Uint8Array(run.links) });
      if (!equalBytes(computed, run.leaves))
        throw new LogInconsistency('leaf_mismatch', `a leaf from index ${index} is not that of its record`);
      yield splitHashes(computed);
      index += count;
    }
  }
}

async function verifyTile(tx: Tx, tile: FullTile): Promise<void> {
  const stored = await tx.query<{ hashes: Buffer; root: Buffer }>(
    'SELECT hashes, root FROM tiles WHERE level = $1 AND n = $2',
    [tile.level, tile.n],
  );
  const row = stored.rows[0];
  if (!row || !equalBytes(row.hashes, tile.hashes) || !equalBytes(row.root, tile.root))
    throw new LogInconsistency('tile_missing', `tile ${tile.level}/${tile.n} is not what its leaves give`);
}

/** That nothing lies beside what was recomputed: tiles, and what each stream is said to have in the log. */
async function verifyCounts(tx: Tx, { size }: Edge): Promise<void> {
  const tiles = await tx.query<{ n: number }>('SELECT count(*)::bigint AS n FROM tiles');
  let expected = 0;
  for (let level = 0; levelWidth(level + 1, size) > 0; level++) expected += levelWidth(level + 1, size);
  if (tiles.rows[0]?.n !== expected)
    throw new LogInconsistency('entries_beyond_head', `${tiles.rows[0]?.n} tiles instead of ${expected}`);
  const streams = await tx.query<{ stream: string }>(
    `WITH taken AS (SELECT stream, sum(count)::bigint AS n, max(position + count - 1) AS last FROM entries GROUP BY stream)
     SELECT coalesce(t.stream, i.stream) AS stream FROM taken t
       FULL JOIN stream_integrations i ON i.stream = t.stream LEFT JOIN streams s ON s.stream = coalesce(t.stream, i.stream)
      WHERE t.n IS DISTINCT FROM t.last OR t.last IS DISTINCT FROM i.position OR s.position IS NULL OR s.position < t.last
      LIMIT 1`,
  );
  const wrong = streams.rows[0];
  if (wrong) throw new LogInconsistency('stream_shrunk', `${wrong.stream} is not as far as the log says`);
}
