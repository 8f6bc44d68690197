import { readRecord } from '@/lib/decisions/read-record';
import { heartbeatBody } from '@/lib/decisions/record-payload';
import type { StreamRhythm } from '@/lib/evidence/integrity-view';
import { getPool } from '../database/pool';

/** Latest records of a quiet stream that its rhythm is read from, and how many different times they must have come at. */
const RECORDS_READ = 64;
const TIMES_NEEDED = 12;
/** A stream heard of more recently needs no rhythm; one silent for longer has none any more. */
const QUIET_MS = 60_000;
const GONE_MS = 90 * 86_400_000;

interface Row {
  stream: string;
  longest_ms: number | null;
  times: number | null;
  heartbeat: Buffer | null;
  waiting_since: Date | null;
  expected_seconds: number | null;
}

/**
 * What each stream of a tenant used to do, so that its silence can be judged: the longest pause among its latest records,
 * what its heartbeats promise, and since when its oldest record waits for a checkpoint.
 */
export async function listStreamRhythms(
  tenant: string,
  { nowMs }: { nowMs: number },
): Promise<Map<string, StreamRhythm>> {
  const rows = await getPool().query<Row>({
    name: 'stream-rhythms',
    text: `SELECT s.stream, r.longest_ms, r.times, r.heartbeat, w.accepted_at AS waiting_since, pr.expected_seconds
      FROM streams s
      LEFT JOIN stream_integrations i ON i.stream = s.stream
      LEFT JOIN producer_rhythms pr ON pr.producer = s.producer
      LEFT JOIN records w ON w.stream = s.stream AND w.position = coalesce(i.position, 0) + 1
      LEFT JOIN LATERAL (
        SELECT (max(extract(epoch FROM pause)) * 1000)::float8 AS longest_ms,
          count(*) FILTER (WHERE pause > interval '0')::int AS times,
          (array_agg(envelope ORDER BY position DESC) FILTER (WHERE kind = 'heartbeat'))[1] AS heartbeat
        FROM (
          SELECT position, kind, envelope, accepted_at - lag(accepted_at) OVER (ORDER BY position) AS pause
          FROM (SELECT position, kind, envelope, accepted_at FROM records
            WHERE stream = s.stream ORDER BY position DESC LIMIT ${RECORDS_READ}) latest
        ) paused
      ) r ON s.last_seen_at < $2 AND s.last_seen_at > $3
      WHERE s.tenant = $1`,
    values: [tenant, new Date(nowMs - QUIET_MS), new Date(nowMs - GONE_MS)],
  });
  return new Map(
    rows.rows.map((row) => [
      row.stream,
      {
        longestPauseMs: (row.times ?? 0) >= TIMES_NEEDED ? row.longest_ms : null,
        expectedEveryMs: row.expected_seconds === null ? null : row.expected_seconds * 1_000,
        heartbeatEveryMs: row.heartbeat ? promisedMs(row.heartbeat) : null,
        waitingSince: row.waiting_since?.toISOString() ?? null,
      },
    ]),
  );
}

/** The interval that a heartbeat covers: the next one is due by its end. */
function promisedMs(envelope: Buffer): number | null {
  const read = readRecord({ envelope: envelope.toString('base64') });
  const body = read.ok ? heartbeatBody.safeParse(read.value.payload.body) : null;
  if (!body?.success) return null;
  const ms = Date.parse(body.data.to) - Date.parse(body.data.from);
  return ms > 0 ? ms : null;
}
