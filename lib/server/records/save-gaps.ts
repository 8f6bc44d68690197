import type { SequenceGap } from '@/lib/producers/decide-sequence';
import { listFilled } from '@/lib/producers/list-filled';
import type { Tx } from '../database/transaction';

interface NotedGap extends SequenceGap {
  notedAt: Date;
}

/**
 * Replaces a stream's holes by those of after a batch. What is left of a hole keeps since when it is missing; what late
 * records filled stays known as a closed one. The caller holds the stream's lock.
 */
export async function saveGaps(
  tx: Tx,
  stream: string,
  before: readonly SequenceGap[],
  after: readonly SequenceGap[],
  nowMs: number,
): Promise<void> {
  const removed = await removeGaps(
    tx,
    stream,
    before.filter((gap) => !after.includes(gap)),
  );
  const now = new Date(nowMs);
  const added = after
    .filter((gap) => !before.includes(gap))
    .map((gap): NotedGap => ({ ...gap, notedAt: removed.find((old) => holds(old, gap))?.notedAt ?? now }));
  if (added.length > 0) {
    await tx.query(
      `INSERT INTO stream_gaps (stream, from_seq, to_seq, noted_at)
       SELECT $1, u.* FROM unnest($2::bigint[], $3::bigint[], $4::timestamptz[]) AS u`,
      [stream, ...columnsOf(added)],
    );
  }
  const closed = removed.flatMap((old) =>
    listFilled(old, after).map((filled): NotedGap => ({ ...filled, notedAt: old.notedAt })),
  );
  if (closed.length > 0) {
    await tx.query(
      `INSERT INTO closed_gaps (stream, from_seq, to_seq, noted_at, closed_at)
       SELECT $1, u.*, $5 FROM unnest($2::bigint[], $3::bigint[], $4::timestamptz[]) AS u`,
      [stream, ...columnsOf(closed), now],
    );
  }
}

const holds = (outer: SequenceGap, inner: SequenceGap): boolean =>
  outer.fromSeq <= inner.fromSeq && inner.toSeq <= outer.toSeq;

const columnsOf = (gaps: readonly NotedGap[]) => [
  gaps.map(({ fromSeq }) => fromSeq),
  gaps.map(({ toSeq }) => toSeq),
  gaps.map(({ notedAt }) => notedAt),
];

async function removeGaps(tx: Tx, stream: string, gaps: readonly SequenceGap[]): Promise<NotedGap[]> {
  if (gaps.length === 0) return [];
  const removed = await tx.query<{ from_seq: number; to_seq: number; noted_at: Date }>(
    'DELETE FROM stream_gaps WHERE stream = $1 AND from_seq = ANY($2) RETURNING from_seq, to_seq, noted_at',
    [stream, gaps.map(({ fromSeq }) => fromSeq)],
  );
  return removed.rows.map(({ from_seq, to_seq, noted_at }) => ({
    fromSeq: from_seq,
    toSeq: to_seq,
    notedAt: noted_at,
  }));
}
