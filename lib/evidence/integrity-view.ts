/** What `/integrity` shows: the server's own account, to be checked by the browser. */
import { z } from 'zod';
import { logMaterial, streamMaterial } from './verification-material';
import { witnessHealth } from './witness-view';

/** What a stream used to do, by which its silence is judged. */
export const streamRhythm = z.object({
  /** Longest pause among its latest records; null while it is talking, or when they came in too few parcels to say. */
  longestPauseMs: z.number().nullable(),
  /** How often an administrator says that its producer should be heard; null when nobody says so. */
  expectedEveryMs: z.number().nullable().default(null),
  /** The interval that its last heartbeat covered; null when it sends none. */
  heartbeatEveryMs: z.number().nullable(),
  /** When its oldest record that no checkpoint covers was accepted. */
  waitingSince: z.string().nullable(),
});
export type StreamRhythm = z.infer<typeof streamRhythm>;

export const integrityStream = streamMaterial.extend({
  lastSeq: z.number().int(),
  lastSeenAt: z.string(),
  /** Records that the published log covers. */
  integrated: z.number().int(),
  decisionsLastDay: z.number().int(),
  gaps: z.array(z.object({ fromSeq: z.number().int(), toSeq: z.number().int(), notedAt: z.string() })),
  rhythm: streamRhythm,
});
export type IntegrityStream = z.infer<typeof integrityStream>;

export const integrityView = z.object({
  streams: z.array(integrityStream),
  log: logMaterial.extend({
    size: z.number().int(),
    checkpointSize: z.number().int(),
    backlog: z.number().int(),
    /** A checkpoint is due at least so often. */
    checkpointSeconds: z.number(),
    halted: z.string().nullable(),
  }),
  /** Newest last. */
  checkpoints: z.array(
    z.object({
      size: z.number().int(),
      root: z.string(),
      at: z.string(),
      /** Witnesses with a VALID receipt over it. */
      receipts: z.number().int(),
    }),
  ),
  witnesses: z.array(witnessHealth),
  /** How many distinct authorities the policy wants. */
  requiredWitnesses: z.number().int(),
  /** Publication of the first checkpoint that too few have seen in the time that the policy gives; null when enough have. */
  unwitnessedSince: z.string().nullable(),
  incidents: z.array(
    z.object({ id: z.string(), at: z.string(), code: z.string(), stream: z.string().nullable() }),
  ),
});
export type IntegrityView = z.infer<typeof integrityView>;
