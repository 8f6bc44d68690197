import type { ProducerState } from '@/lib/completeness/producer-state';
import { readRecord } from '@/lib/decisions/read-record';
import { heartbeatBody } from '@/lib/decisions/record-payload';
import { nowMs as clockNowMs } from '../clock';
import { getPool } from '../database/pool';
import { listStreamRhythms } from '../integrity/list-stream-rhythms';

const CLOSED_SHOWN = 5;
/** A heartbeat over more than this is not counted after. */
const MOST_COUNTED_MS = 25 * 3_600_000;

interface Row {
  producer: string;
  name: string;
  kind: string;
  disabled_at: Date | null;
  expected_seconds: number | null;
  stream: string | null;
  last_seen_at: Date;
  last_seq: number;
  open: { from_seq: number; to_seq: number; noted_at: string }[] | null;
  closed: { from_seq: number; to_seq: number; noted_at: string; closed_at: string }[] | null;
  closed_total: number;
  heartbeat: Buffer | null;
}

type StreamState = ProducerState['streams'][number];

/** Per producer of a tenant: when it was heard, what is missing of it, what came late, and whether its heartbeats agree with the record. */
export async function getCompleteness(
  tenant: string,
  { nowMs = clockNowMs() } = {},
): Promise<{ producers: ProducerState[] }> {
  const [found, rhythms] = await Promise.all([
    getPool().query<Row>({
      name: 'completeness',
      text: `SELECT p.id AS producer, p.name, p.kind, p.disabled_at, r.expected_seconds, s.stream, s.last_seen_at, s.last_seq,
          (SELECT json_agg(g ORDER BY g.from_seq) FROM stream_gaps g WHERE g.stream = s.stream) AS open,
          (SELECT json_agg(c ORDER BY c.closed_at DESC) FROM (SELECT from_seq, to_seq, noted_at, closed_at FROM closed_gaps
            WHERE stream = s.stream ORDER BY closed_at DESC, from_seq LIMIT ${CLOSED_SHOWN}) c) AS closed,
          (SELECT count(*)::bigint FROM closed_gaps WHERE stream = s.stream) AS closed_total,
          h.envelope AS heartbeat
        FROM producers p
        LEFT JOIN producer_rhythms r ON r.producer = p.id
        LEFT JOIN streams s ON s.producer = p.id AND s.tenant = p.tenant
        LEFT JOIN LATERAL (SELECT envelope FROM (SELECT kind, envelope, position FROM records WHERE stream = s.stream
            ORDER BY position DESC LIMIT 500) latest WHERE kind = 'heartbeat' ORDER BY position DESC LIMIT 1) h ON true
        WHERE p.tenant = $1 ORDER BY p.name, p.id, s.stream`,
      values: [tenant],
    }),
    listStreamRhythms(tenant, { nowMs }),
  ]);
  const producers = new Map<string, ProducerState>();
  for (const row of found.rows) {
    const known = producers.get(row.producer) ?? {
      producer: row.producer,
      name: row.name,
      kind: row.kind,
      disabledAt: row.disabled_at?.toISOString() ?? null,
      expectedSeconds: row.expected_seconds,
      streams: [],
    };
    producers.set(row.producer, known);
    if (row.stream === null) continue;
    known.streams.push({
      stream: row.stream,
      lastSeenAt: row.last_seen_at.toISOString(),
      lastSeq: row.last_seq,
      openGaps: (row.open ?? []).map(toGap),
      closedGaps: (row.closed ?? []).map((gap) => ({
        ...toGap(gap),
        closedAt: new Date(gap.closed_at).toISOString(),
      })),
      closedTotal: row.closed_total,
      heartbeat: await readHeartbeat(tenant, row.stream, row.heartbeat),
      longestPauseMs: rhythms.get(row.stream)?.longestPauseMs ?? null,
    });
  }
  return { producers: [...producers.values()] };
}

function toGap(gap: { from_seq: number; to_seq: number; noted_at: string }) {
  return { fromSeq: gap.from_seq, toSeq: gap.to_seq, notedAt: new Date(gap.noted_at).toISOString() };
}

/** What a heartbeat said, and how many decisions of its time are here. */
async function readHeartbeat(
  tenant: string,
  stream: string,
  envelope: Buffer | null,
): Promise<StreamState['heartbeat']> {
  const read = envelope && readRecord({ envelope: envelope.toString('base64') });
  const body = read?.ok ? heartbeatBody.safeParse(read.value.payload.body) : null;
  if (!body?.success) return null;
  const { from, to, decisions } = body.data;
  const lengthMs = Date.parse(to) - Date.parse(from);
  if (lengthMs <= 0) return null;
  if (lengthMs > MOST_COUNTED_MS) return { from, to, said: decisions, here: null };
  const counted = await getPool().query<{ n: number }>(
    `SELECT count(*)::bigint AS n FROM decisions WHERE tenant = $1 AND occurred_at >= $2 AND occurred_at < $3 AND stream = $4`,
    [tenant, from, to, stream],
  );
  return { from, to, said: decisions, here: counted.rows[0]?.n ?? 0 };
}
