import { LINK_BYTES } from '@/lib/integrity/chain';
import { hashRun } from '@/lib/integrity/entry-run';
import type { Tx } from '../database/transaction';
import { LogInconsistency } from './log-error';

/** Streams that are ahead of the log, in a fixed order. */
export interface StreamBacklog {
  stream: string;
  integrated: number;
  position: number;
}

/** Consecutive records of one stream as the log takes them up. */
export interface LogRun {
  stream: string;
  /** Of its first record. */
  position: number;
  count: number;
  /** Leaf hashes end to end, 32 bytes each. */
  leaves: Uint8Array;
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
 * Runs of at most `maxRecords` waiting records together, one a stream, an equal share for each.
 * @throws LogInconsistency `records_missing` when a stream's head counts a record that is not there
 */
export async function readRuns(
  tx: Tx,
  backlog: readonly StreamBacklog[],
  maxRecords: number,
): Promise<LogRun[]> {
  const share = Math.max(1, Math.floor(maxRecords / Math.max(1, backlog.length)));
  const windows = backlog.slice(0, maxRecords).map(({ stream, integrated, position }) => ({
    stream,
    from: integrated + 1,
    to: Math.min(position, integrated + share),
  }));
  const rows = await tx.query<{ count: number; links: Buffer | null }>({
    name: 'read-runs',
    text: `SELECT count(r.position) FILTER (WHERE length(r.link) = ${LINK_BYTES})::int AS count,
        string_agg(r.link, ''::bytea ORDER BY r.position) AS links
      FROM unnest($1::text[], $2::bigint[], $3::bigint[]) WITH ORDINALITY AS w(stream, first, last, ord)
      LEFT JOIN records r ON r.stream = w.stream AND r.position BETWEEN w.first AND w.last
      GROUP BY w.ord ORDER BY w.ord`,
    values: [
      windows.map(({ stream }) => stream),
      windows.map(({ from }) => from),
      windows.map(({ to }) => to),
    ],
  });
  return windows.map(({ stream, from, to }, n) => {
    const count = to - from + 1;
    const { count: found = 0, links = null } = rows.rows[n] ?? {};
    if (found !== count || links?.length !== count * LINK_BYTES)
      throw new LogInconsistency('records_missing', `${stream} lacks records between ${from} and ${to}`);
    return { stream, position: from, count, leaves: hashRun({ stream, position: from, links }) };
  });
}
