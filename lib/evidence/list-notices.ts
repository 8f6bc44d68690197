import type { IntegrityStream, IntegrityView } from './integrity-view';

/**
 * What is worth a look in a console's own account of its streams. None of these says that a record is broken; each says
 * that something which should have come has not.
 */
export type NoticeCode = 'sequence_gap' | 'heartbeat_missing' | 'silent' | 'not_in_log';

export interface Notice {
  code: NoticeCode;
  stream: string;
  /** Since when, as an instant. */
  since: string;
  /** Numbers of the producer that are missing, or positions that wait; both ends included. */
  ranges?: { from: number; to: number }[];
  /** How long it used to take at most, or what was promised. */
  usualMs?: number;
}

/** A heartbeat may be this many of its intervals late, a producer silent for this many of its longest pauses. */
const HEARTBEATS_LATE = 2;
const EXPECTED_LATE = 2;
const PAUSES_SILENT = 4;
const LEAST_SILENCE_MS = 15 * 60_000;
/** Checkpoints that may pass a record by before it is worth a word. */
const CHECKPOINTS_LATE = 2;
const LEAST_WAIT_MS = 60_000;

/** Findings about the streams of one tenant, losses first, then by stream. */
export function listNotices(view: IntegrityView, nowMs: number): Notice[] {
  const order: readonly NoticeCode[] = ['sequence_gap', 'not_in_log', 'heartbeat_missing', 'silent'];
  return view.streams
    .flatMap((stream) => [
      ...gaps(stream),
      ...waiting(stream, view.log.checkpointSeconds, nowMs),
      ...silence(stream, nowMs),
    ])
    .sort((a, b) => order.indexOf(a.code) - order.indexOf(b.code));
}

function gaps({ stream, gaps: missing }: IntegrityStream): Notice[] {
  const [first] = [...missing].sort((a, b) => (a.notedAt < b.notedAt ? -1 : 1));
  if (!first) return [];
  const ranges = missing.map(({ fromSeq, toSeq }) => ({ from: fromSeq, to: toSeq }));
  return [{ code: 'sequence_gap', stream, since: first.notedAt, ranges }];
}

function waiting(
  { stream, head, integrated, rhythm }: IntegrityStream,
  checkpointSeconds: number,
  nowMs: number,
): Notice[] {
  const since = rhythm.waitingSince;
  const graceMs = Math.max(LEAST_WAIT_MS, CHECKPOINTS_LATE * checkpointSeconds * 1_000);
  if (since === null || integrated >= head || nowMs - Date.parse(since) <= graceMs) return [];
  return [
    {
      code: 'not_in_log',
      stream,
      since,
      ranges: [{ from: integrated + 1, to: head }],
      usualMs: checkpointSeconds * 1_000,
    },
  ];
}

function silence({ stream, lastSeenAt, keys, rhythm }: IntegrityStream, nowMs: number): Notice[] {
  // The console's own journal speaks when something happens; a producer without a valid key has been stood down.
  if (stream.startsWith('console/') || keys.every(({ retiredAt }) => retiredAt !== null)) return [];
  const quietMs = nowMs - Date.parse(lastSeenAt);
  const { expectedEveryMs, heartbeatEveryMs, longestPauseMs } = rhythm;
  if (expectedEveryMs !== null) {
    return quietMs > EXPECTED_LATE * expectedEveryMs
      ? [{ code: 'silent', stream, since: lastSeenAt, usualMs: expectedEveryMs }]
      : [];
  }
  if (heartbeatEveryMs !== null) {
    return quietMs > HEARTBEATS_LATE * heartbeatEveryMs
      ? [{ code: 'heartbeat_missing', stream, since: lastSeenAt, usualMs: heartbeatEveryMs }]
      : [];
  }
  if (longestPauseMs === null) return [];
  return quietMs > Math.max(LEAST_SILENCE_MS, PAUSES_SILENT * longestPauseMs)
    ? [{ code: 'silent', stream, since: lastSeenAt, usualMs: longestPauseMs }]
    : [];
}
