import { formatEntry } from '@/lib/integrity/entry';
import { leafHash } from '@/lib/integrity/merkle';
import type { Tx } from '../database/transaction';
import { LogInconsistency } from './log-error';

/** Streams that are ahead of the log, in a fixed order. */
export interface StreamBacklog {
  stream: string;
  integrated: number;
  position: number;
}

export interface LogLeaf {
  stream: string;
  position: number;
  leaf: Uint8Array;
}

/**
 * Which records the log has not taken up yet.
 * @throws LogInconsistency `stream_shrunk` when a stream is shorter than what the log already covers
 */
export async function readBacklog(tx: Tx): Promise<StreamBacklog[]> {
  const rows = await tx.query<StreamBacklog>(
    `SELECT coalesce(s.stream, i.stream) AS stream, coalesce(i.position, 0) AS integrated, coalesce(s.position, 0) AS position
     FROM streams s FULL JOIN stream_integrations i ON i.stream = s.stream
     WHERE coalesce(s.position, 0) <> coalesce(i.position, 0)
     ORDER BY coalesce(s.stream, i.stream) COLLATE "C"`,
  );
  for (const { stream, integrated, position } of rows.rows) {
    if (position < integrated)
      throw new LogInconsistency(
        'stream_shrunk',
        `${stream} ends at ${position}, the log covers ${integrated}`,
      );
  }
  return rows.rows;
}

/**
 * Leaves of at most `maxRecords` waiting records, stream by stream, an equal share for each.
 * @throws LogInconsistency `records_missing` when a stream's head counts a record that is not there
 */
export async function readLeaves(
  tx: Tx,
  backlog: readonly StreamBacklog[],
  maxRecords: number,
): Promise<LogLeaf[]> {
  const share = Math.max(1, Math.floor(maxRecords / Math.max(1, backlog.length)));
  const windows = backlog.slice(0, maxRecords).map(({ stream, integrated, position }) => ({
    stream,
    from: integrated + 1,
    to: Math.min(position, integrated + share),
  }));
  const rows = await tx.query<{ stream: string; position: number; link: Buffer }>(
    `SELECT r.stream, r.position, r.link
     FROM unnest($1::text[], $2::bigint[], $3::bigint[]) AS w(stream, first, last)
     JOIN records r ON r.stream = w.stream AND r.position BETWEEN w.first AND w.last
     ORDER BY r.stream COLLATE "C", r.position`,
    [windows.map(({ stream }) => stream), windows.map(({ from }) => from), windows.map(({ to }) => to)],
  );
  let next = 0;
  for (const { stream, from, to } of windows) {
    for (let position = from; position <= to; position++, next++) {
      const row = rows.rows[next];
      if (row?.stream !== stream || row.position !== position)
        throw new LogInconsistency('records_missing', `${stream} has no record at position ${position}`);
    }
  }
  return rows.rows.map(({ stream, position, link }) => ({
    stream,
    position,
    leaf: leafHash(formatEntry({ stream, position, link })),
  }));
}
