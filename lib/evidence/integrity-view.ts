/** What `/integrity` shows: the server's own account, to be checked by the browser. */
import { z } from 'zod';
import { logMaterial, streamMaterial } from './verification-material';

export const integrityStream = streamMaterial.extend({
  lastSeq: z.number().int(),
  lastSeenAt: z.string(),
  /** Records that the published log covers. */
  integrated: z.number().int(),
  decisionsLastDay: z.number().int(),
  gaps: z.array(z.object({ fromSeq: z.number().int(), toSeq: z.number().int(), notedAt: z.string() })),
});
export type IntegrityStream = z.infer<typeof integrityStream>;

export const integrityView = z.object({
  streams: z.array(integrityStream),
  log: logMaterial.extend({
    size: z.number().int(),
    checkpointSize: z.number().int(),
    backlog: z.number().int(),
    halted: z.string().nullable(),
  }),
  /** Newest last. */
  checkpoints: z.array(
    z.object({ size: z.number().int(), root: z.string(), at: z.string(), receipts: z.number().int() }),
  ),
  witnesses: z.array(z.object({ name: z.string(), size: z.number().int(), at: z.string() })),
  incidents: z.array(
    z.object({ id: z.string(), at: z.string(), code: z.string(), stream: z.string().nullable() }),
  ),
});
export type IntegrityView = z.infer<typeof integrityView>;
