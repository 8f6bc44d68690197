import * as z from 'zod';

const n = z.number().int().nonnegative();
const range = z.object({ fromSeq: n, toSeq: n, notedAt: z.string() });

export const producerStream = z.object({
  stream: z.string(),
  lastSeenAt: z.string(),
  lastSeq: n,
  /** The first of those that are open; `openTotal` says how many there are. */
  openGaps: z.array(range),
  openTotal: n,
  /** The latest that closed; `closedTotal` says how many there were. */
  closedGaps: z.array(range.extend({ closedAt: z.string() })),
  closedTotal: n,
  /** The latest heartbeat: how many decisions it speaks of, and how many of them are here. Null without one. */
  heartbeat: z.object({ from: z.string(), to: z.string(), said: n, here: n.nullable() }).nullable(),
  /** Longest pause among its latest records, in milliseconds; null when too few say. */
  longestPauseMs: z.number().nullable(),
});

export const producerState = z.object({
  producer: z.string(),
  name: z.string(),
  kind: z.string(),
  disabledAt: z.string().nullable(),
  /** Set by an administrator. */
  expectedSeconds: n.nullable(),
  streams: z.array(producerStream),
});
export type ProducerState = z.infer<typeof producerState>;

/** GET /api/v1/integrity/completeness */
export const completenessView = z.object({ producers: z.array(producerState) });

/** PUT /api/v1/settings/producers/rhythm; null: its heartbeats and its own past say so again. */
export const rhythmRequest = z.strictObject({
  producer: z.string().min(1).max(512),
  expectedSeconds: z.number().int().min(10).max(2_592_000).nullable(),
});

export type Hearing = 'heard' | 'late' | 'silent' | 'never' | 'stood-down';

export interface Expectation {
  everyMs: number;
  by: 'set' | 'heartbeat' | 'usual';
}

/** Twice what was promised, or four times its longest pause: as for the findings of `lib/evidence/list-notices`. */
const PATIENCE = { set: 2, heartbeat: 2, usual: 4 } as const;
const LEAST_SILENCE_MS = 15 * 60_000;

/** How often a producer should be heard, and who says so. */
export function expectationOf({ expectedSeconds, streams }: ProducerState): Expectation | null {
  if (expectedSeconds !== null) return { everyMs: expectedSeconds * 1_000, by: 'set' };
  const beats = streams.flatMap(({ heartbeat }) =>
    heartbeat ? [Date.parse(heartbeat.to) - Date.parse(heartbeat.from)] : [],
  );
  if (beats.length > 0) return { everyMs: Math.min(...beats), by: 'heartbeat' };
  const pauses = streams.flatMap(({ longestPauseMs }) => longestPauseMs ?? []);
  return pauses.length > 0 ? { everyMs: Math.min(...pauses), by: 'usual' } : null;
}

/** Whether it is heard as it should be; `silentMs` since it was heard last. */
export function hearingOf(
  state: ProducerState,
  nowMs: number,
): { hearing: Hearing; silentMs: number | null } {
  const last = Math.max(...state.streams.map(({ lastSeenAt }) => Date.parse(lastSeenAt)));
  const silentMs = state.streams.length === 0 ? null : Math.max(0, nowMs - last);
  if (state.disabledAt !== null) return { hearing: 'stood-down', silentMs };
  if (silentMs === null) return { hearing: 'never', silentMs };
  const expected = expectationOf(state);
  if (!expected || silentMs <= expected.everyMs) return { hearing: 'heard', silentMs };
  const least = expected.by === 'usual' ? LEAST_SILENCE_MS : 0;
  const patience = Math.max(least, PATIENCE[expected.by] * expected.everyMs);
  return { hearing: silentMs > patience ? 'silent' : 'late', silentMs };
}
