import { equalBytes } from '@/lib/core/bytes';
import { checkpointKeyOf, verifyCheckpoint } from '@/lib/integrity/checkpoint';
import { type Edge, edgeRoot, parseEdge } from '@/lib/integrity/edge';
import { logOrigin } from '../config';
import type { Tx } from '../database/transaction';
import { getSigningKey } from '../keys/key-directory';
import { LogInconsistency } from './log-error';

/** The one log of this console; a row in `log_heads`. */
export const LOG_NAME = 'main';

export interface LogHead {
  edge: Edge;
  checkpointAtMs: number;
}

/** Signer of checkpoints: the origin is also the key's name (C2SP tlog-checkpoint). */
export function logSigner(): { name: string; seed: Uint8Array } {
  return { name: logOrigin(), seed: getSigningKey('log').seed };
}

/**
 * Locks the log's head and checks it against the checkpoint that was published at its size, under the key we hold.
 * @returns null when another sequencer holds it, or the log is halted
 * @throws LogInconsistency
 */
export async function lockLogHead(tx: Tx): Promise<LogHead | null> {
  const rows = await tx.query<{
    size: number;
    edge: Buffer;
    checkpoint_at: Date;
    halted_code: string | null;
  }>('SELECT size, edge, checkpoint_at, halted_code FROM log_heads WHERE log = $1 FOR UPDATE SKIP LOCKED', [
    LOG_NAME,
  ]);
  const row = rows.rows[0];
  if (!row || row.halted_code !== null) return null;
  const edge = parseEdge(new Uint8Array(row.edge));
  if (!edge.ok || edge.value.size !== row.size)
    throw new LogInconsistency('edge_corrupt', `the edge does not fit the size ${row.size}`);
  const published = await tx.query<{ size: number; root: Buffer; note: Buffer }>(
    'SELECT size, root, note FROM checkpoints ORDER BY size DESC LIMIT 1',
  );
  const last = published.rows[0];
  if (!last) throw new LogInconsistency('checkpoint_missing', `no checkpoint at size ${row.size}`);
  if (last.size !== row.size || !equalBytes(edgeRoot(edge.value), last.root)) {
    throw new LogInconsistency(
      'checkpoint_mismatch',
      `the head of size ${row.size} is not the checkpoint of size ${last.size}`,
    );
  }
  const end = await tx.query<{ size: number }>(
    'SELECT index + count AS size FROM entries ORDER BY index DESC LIMIT 1',
  );
  if ((end.rows[0]?.size ?? 0) !== row.size)
    throw new LogInconsistency('entries_beyond_head', 'the log holds entries that its head does not count');
  const signer = logSigner();
  const verified = verifyCheckpoint(new Uint8Array(last.note), {
    origin: signer.name,
    logKey: checkpointKeyOf(signer),
  });
  if (!verified.ok) throw new LogInconsistency('log_key_mismatch', verified.code);
  if (verified.value.size !== last.size || !equalBytes(verified.value.root, last.root))
    throw new LogInconsistency('checkpoint_mismatch', 'the note says something else than its row');
  return { edge: edge.value, checkpointAtMs: row.checkpoint_at.getTime() };
}
