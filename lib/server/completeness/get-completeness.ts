import type { ProducerState } from '@/lib/completeness/producer-state';
import { readRecord } from '@/lib/decisions/read-record';
import { heartbeatBody } from '@/lib/decisions/record-payload';
import { nowMs as clockNowMs } from '../clock';
import { getPool } from '../database/pool';
import { listStreamRhythms } from '../integrity/list-stream-rhythms';

const CLOSED_SHOWN = 5;
/** A producer that sends every second number only has a hole a record. */
const OPEN_SHOWN = 20;
const HOUR_MS = 3_600_000;
/** A heartbeat over more than this is not counted after. */
const MOST_COUNTED_MS = 25 * HOUR_MS;

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
  open_total: number;
  closed: { from_seq: number; to_seq: number; noted_at: string; closed_at: string }[] | null;
  closed_total: number;
  heartbeat: Buffer | null;
}

type StreamState = ProducerState['streams'][number];

/**
 * Per producer of a tenant: when it was heard, what is missing of it, what came late, and whether its heartbeats agree with
 * the record. `countHeartbeats` false leaves the latter out (`here` is null): who asks often needs only the rest.
 */
export async function getCompleteness(
  tenant: string,
  { nowMs = clockNowMs(), countHeartbeats = true } = {},
): Promise<{ producers: ProducerState[] }> {
  const [found, rhythms] = await Promise.all([
    getPool().query<Row>({
      name: 'completeness',
      text: `SELECT p.id AS producer, p.name, p.kind, p.disabled_at, r.expected_seconds, s.stream, s.last_seen_at, s.last_seq,
          (SELECT json_agg(g ORDER BY g.from_seq) FROM (SELECT from_seq, to_seq, noted_at FROM stream_gaps
            WHERE stream = s.stream ORDER BY from_seq LIMIT ${OPEN_SHOWN}) g) AS open,
          (SELECT count(*)::bigint FROM stream_gaps WHERE stream = s.stream) AS open_total,
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
      openTotal: row.open_total,
      closedGaps: (row.closed ?? []).map((gap) => ({
        ...toGap(gap),
        closedAt: new Date(gap.closed_at).toISOString(),
      })),
      closedTotal: row.closed_total,
      heartbeat: await readHeartbeat(tenant, row.stream, row.heartbeat, countHeartbeats),
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
  isCounted: boolean,
): Promise<StreamState['heartbeat']> {
  const read = envelope && readRecord({ envelope: envelope.toString('base64') });
  const body = read?.ok ? heartbeatBody.safeParse(read.value.payload.body) : null;
  if (!body?.success) return null;
  const { from, to, decisions } = body.data;
  const lengthMs = Date.parse(to) - Date.parse(from);
  if (lengthMs <= 0) return null;
  const here = isCounted && lengthMs <= MOST_COUNTED_MS ? await countBetween(tenant, stream, from, to) : null;
  return { from, to, said: decisions, here };
}

/** Whole hours from the rollups, the ends from the decisions: these are found by time only, whichever stream they are of. */
async function countBetween(tenant: string, stream: string, from: string, to: string): Promise<number> {
  const firstHour = Math.ceil(Date.parse(from) / HOUR_MS) * HOUR_MS;
  const lastHour = Math.floor(Date.parse(to) / HOUR_MS) * HOUR_MS;
  const whole = firstHour < lastHour;
  const counted = await getPool().query<{ n: number }>(
    `SELECT (SELECT coalesce(sum(n), 0) FROM rollups WHERE tenant = $1 AND hour >= $4 AND hour < $5 AND stream = $6)::bigint
        + (SELECT count(*) FROM decisions WHERE tenant = $1 AND occurred_at >= $2 AND occurred_at < $4 AND stream = $6)
        + (SELECT count(*) FROM decisions WHERE tenant = $1 AND occurred_at >= $5 AND occurred_at < $3 AND stream = $6) AS n`,
    [tenant, from, to, new Date(whole ? firstHour : to), new Date(whole ? lastHour : to), stream],
  );
  return counted.rows[0]?.n ?? 0;
}
