/** One content of a decision in clear: what a person asks for, and what the page hashes itself. */
import * as z from 'zod';
import { digest, foreignId } from '@/lib/decisions/record-payload';
import { caseReference, lookPurpose } from './purpose';

/** POST /api/v1/decisions/{id}/payloads */
export const readPayloadRequest = z.strictObject({
  ref: foreignId,
  purpose: lookPurpose,
  caseRef: caseReference,
});
export type ReadPayloadRequest = z.infer<typeof readPayloadRequest>;

export const decisionPayload = z.object({
  role: z.string(),
  mediaType: z.string(),
  /** 32 bytes, base64: the digest is SHA3-512(salt ‖ content). */
  salt: z.string(),
  /** Base64. */
  content: z.string(),
  /** As the server computed it; the page computes it again. */
  digest,
  look: z.string(),
});
export type DecisionPayload = z.infer<typeof decisionPayload>;

/** One content that a decision's records name by digest, and what became of it. */
export const decisionContent = z.object({
  role: z.string(),
  ref: z.string(),
  /** As it was stored; null when nothing here knows the reference any more. */
  digest: digest.nullable(),
  state: z.enum(['kept', 'retention', 'erasure', 'absent']),
  byteCount: z.number().int().nullable(),
  mediaType: z.string().nullable(),
  /** Until when it is kept, or when it ended. */
  at: z.string().nullable(),
  /** A legal hold keeps it, whatever its time. */
  held: z.boolean(),
});
export type DecisionContent = z.infer<typeof decisionContent>;

/** GET /api/v1/decisions/{id}/contents */
export const decisionContents = z.object({
  contents: z.array(decisionContent),
  /** Subjects of the decision who were erased, and when. */
  erased: z.array(z.object({ token: z.string(), at: z.string() })),
  /** `yes`: may read for a purpose and a case; `ask`: when somebody else grants it; `no`. */
  reading: z.enum(['yes', 'ask', 'no']),
});
export type DecisionContents = z.infer<typeof decisionContents>;
