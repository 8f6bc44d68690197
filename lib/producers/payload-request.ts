/** What a producer hands over to be kept beside its records: the content itself, of which a record holds only the digest. */
import * as z from 'zod';
import { digest, foreignId, subjectToken } from '@/lib/decisions/record-payload';

/** Bytes of one payload. */
export const MAX_PAYLOAD_BYTES = 4_194_304;

/** POST /api/v1/payloads */
export const payloadSubmission = z.strictObject({
  /** Whose erasure must erase it. */
  subject: subjectToken,
  media_type: z
    .string()
    .max(128)
    .regex(/^[a-z0-9][a-z0-9!#$&^_.+-]*\/[a-z0-9][a-z0-9!#$&^_.+-]*$/),
  /** 32 random bytes, base64: the digest is SHA3-512(salt ‖ content), formats.md §2. */
  salt: z.base64().length(44),
  /** Base64. */
  content: z.base64().max(4 * Math.ceil(MAX_PAYLOAD_BYTES / 3)),
});
export type PayloadSubmission = z.infer<typeof payloadSubmission>;

/** How a record names it. */
export const payloadReceipt = z.object({
  ref: foreignId,
  digest,
  byte_count: z.number().int().nonnegative(),
  expires_at: z.string(),
});
export type PayloadReceipt = z.infer<typeof payloadReceipt>;
