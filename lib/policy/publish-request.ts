import { z } from 'zod';
import { MAX_POLICY_BYTES } from './parse-policy-document';

/** POST /api/v1/policies: the exact text to put in force, and the version its author started from (0: there was none). */
export const publishRequest = z.strictObject({
  text: z.string().max(MAX_POLICY_BYTES),
  baseVersion: z.number().int().min(0),
});
export type PublishRequest = z.infer<typeof publishRequest>;
