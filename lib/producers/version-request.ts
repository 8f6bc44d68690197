/** How a producer registers the content of a version, so that "as of then" can open the very text. */
import * as z from 'zod';
import { digest } from '@/lib/decisions/record-payload';

export const VERSION_KINDS = [
  'prompt',
  'policy',
  'model',
  'index',
  'guardrail',
  'threshold',
  'routing',
] as const;
export const versionKind = z.enum(VERSION_KINDS);
export type VersionKind = z.infer<typeof versionKind>;

/** Bytes of one version's content. */
export const MAX_VERSION_BYTES = 262_144;

const label = z.string().min(1).max(256);

/** POST /api/v1/versions. The content is a template or a description: it must hold no personal data. */
export const versionSubmission = z.strictObject({
  kind: versionKind,
  /** As decision records name it: the prompt's template, the policy's id, `provider/name` of a model, the index, the guardrail. */
  name: label,
  version: label,
  /** Of the content's UTF-8 bytes, unsalted; the console computes it again. */
  digest,
  media_type: z
    .string()
    .max(128)
    .regex(/^[a-z0-9][a-z0-9!#$&^_.+-]*\/[a-z0-9][a-z0-9!#$&^_.+-]*$/),
  content: z.string().max(MAX_VERSION_BYTES),
});
export type VersionSubmission = z.infer<typeof versionSubmission>;

export const versionReceipt = z.object({
  digest,
  byte_count: z.number().int().nonnegative(),
  registered_at: z.string(),
  /** The console's record of it. */
  record: z.object({ stream: z.string(), position: z.number().int() }),
});
export type VersionReceipt = z.infer<typeof versionReceipt>;
