import { formatBase64 } from '@/lib/core/encoding';
import { nowMs } from '../clock';
import { getPool } from '../database/pool';

export interface StreamView {
  stream: string;
  producer: string;
  position: number;
  /** Base64 of 64 bytes. */
  link: string;
  lastSeq: number;
  lastSeenAt: string;
  /** Records that the published log covers. */
  integrated: number;
  /** Decisions that occurred in the last 24 full hours, from the rollups. */
  decisionsLastDay: number;
  /** Holes in the producer's own counter, inclusive. */
  gaps: { fromSeq: number; toSeq: number; notedAt: string }[];
}

interface Row {
  stream: string;
  producer: string;
  position: number;
  link: Buffer;
  last_seq: number;
  last_seen_at: Date;
  integrated: number;
  decisions: number;
  gaps: { from_seq: number; to_seq: number; noted_at: string }[] | null;
}

/** The tenant's streams with heads, rates and gaps, in name order. */
export async function listStreams(
  tenant: string,
  { nowMs: at = nowMs() }: { nowMs?: number } = {},
): Promise<StreamView[]> {
  const rows = await getPool().query<Row>(
    `SELECT s.stream, s.producer, s.position, s.link, s.last_seq, s.last_seen_at,
       coalesce(i.position, 0)::bigint AS integrated,
       (SELECT coalesce(sum(r.n), 0)::bigint FROM rollups r
         WHERE r.tenant = s.tenant AND r.stream = s.stream AND r.hour > $2::timestamptz - interval '1 day'
           AND r.hour <= $2::timestamptz) AS decisions,
       (SELECT json_agg(g ORDER BY g.from_seq) FROM stream_gaps g WHERE g.stream = s.stream) AS gaps
     FROM streams s LEFT JOIN stream_integrations i ON i.stream = s.stream
     WHERE s.tenant = $1 ORDER BY s.stream`,
    [tenant, new Date(at)],
  );
  return rows.rows.map((row) => ({
    stream: row.stream,
    producer: row.producer,
    position: row.position,
    link: formatBase64(row.link),
    lastSeq: row.last_seq,
    lastSeenAt: row.last_seen_at.toISOString(),
    integrated: row.integrated,
    decisionsLastDay: row.decisions,
    gaps: (row.gaps ?? []).map((gap) => ({
      fromSeq: gap.from_seq,
      toSeq: gap.to_seq,
      notedAt: new Date(gap.noted_at).toISOString(),
    })),
  }));
}
