/** Several verdicts at once, over an exact set: every digest is named, and each item has its own result. */
import * as z from 'zod';
import { actionDigestText, digest, instant, tier } from '@/lib/decisions/record-payload';
import { MAX_BULK } from '@/lib/escalations/escalation-lists';
import {
  decideResponse,
  escalationState,
  sentenceSchema,
  verdictSchema,
} from '@/lib/escalations/escalation-view';

const escalationId = z.string().max(64);

/** POST /api/v1/escalations/bulk/open */
export const openBulkRequest = z.strictObject({ ids: z.array(escalationId).min(1).max(MAX_BULK) });

export const bulkItem = z.object({
  id: escalationId,
  sentence: sentenceSchema,
  tier,
  state: escalationState,
  expiresAt: instant,
  actionDigest: actionDigestText,
  displayDigest: digest,
  instance: z.string(),
  version: z.number().int(),
  /** Why this person may not decide it, or null. */
  code: z.string().nullable(),
});
export type BulkItem = z.infer<typeof bulkItem>;
export const openBulkResponse = z.object({ items: z.array(bulkItem) });

/** POST /api/v1/escalations/bulk/decide: one reason for all, one statement for each. */
export const decideBulkRequest = z.strictObject({
  verdict: verdictSchema,
  reasonCode: z.string().max(64),
  reasonText: z.string().max(2000),
  items: z
    .array(
      z.strictObject({
        id: escalationId,
        actionDigest: actionDigestText,
        displayDigest: digest,
        instance: z.string().max(64),
        version: z.number().int(),
      }),
    )
    .min(1)
    .max(MAX_BULK)
    .refine((items) => new Set(items.map(({ id }) => id)).size === items.length, 'each once'),
});
export type DecideBulkRequest = z.infer<typeof decideBulkRequest>;

export const bulkResult = z.discriminatedUnion('ok', [
  z.object({ id: z.string(), ok: z.literal(true), answer: decideResponse }),
  z.object({ id: z.string(), ok: z.literal(false), code: z.string(), detail: z.string().nullable() }),
]);
export type BulkResult = z.infer<typeof bulkResult>;
export const decideBulkResponse = z.object({ results: z.array(bulkResult) });
