import { z } from 'zod';
import { insightsView } from './insights-view';

/** A change that a record announced. */
export const announcedChange = insightsView.shape.changes.element.extend({
  fromVersion: z.string().nullable(),
  stream: z.string(),
  position: z.number().int(),
});
export type AnnouncedChange = z.infer<typeof announcedChange>;

/** A version that decisions began to name: announced by nobody, or a guardrail's threshold that moved. */
export const seenChange = z.object({
  id: z.string(),
  at: z.string(),
  kind: z.enum(['model', 'prompt', 'index', 'policy', 'routing', 'guardrail', 'guardrail-threshold']),
  name: z.string(),
  fromVersion: z.string(),
  toVersion: z.string(),
  direction: z.enum(['raised', 'lowered']).nullable(),
  announced: z.boolean(),
  agents: z.array(z.string()),
  /** Decisions that named it so far. */
  n: z.number().int(),
  /** How many versions of the same thing came unannounced, this one included; only the latest is listed. */
  times: z.number().int(),
});
export type SeenChange = z.infer<typeof seenChange>;

/** What `/changes` lists: announced changes in pages, newest first, and with the first page what decisions tell by themselves. */
export const changesView = z.object({
  changes: z.array(announcedChange),
  seen: z.array(seenChange),
  /** Where the next page begins; null on the last. */
  older: z.string().nullable(),
});
export type ChangesView = z.infer<typeof changesView>;
