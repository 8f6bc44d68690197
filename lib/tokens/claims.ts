/** Claims of an approval token (formats §8). Times in claims are JWT NumericDates: whole seconds. */
import * as z from 'zod';
import { parseDigest } from '@/lib/core/hash';
import { isForeignId, parseId } from '@/lib/core/id';
import { parseInstant } from '@/lib/core/instant';
import { parseJsonValue } from '@/lib/core/json';

const numericDate = z.int().min(0).max(253_402_300_799);
const text = z.string().min(1).max(1024);
const foreignId = z.string().refine(isForeignId, 'identifier');
const digest = z.string().refine((value) => parseDigest(value).ok, 'digest');
const instant = z.string().refine((value) => parseInstant(value).ok, 'instant');
const sha256Base64url = z.string().regex(/^[A-Za-z0-9_-]{43}$/);
const durationMs = z.int().min(0);
const json = z.custom<Record<string, unknown>>((value) => parseJsonValue(value).ok, 'JSON object');

export const tierSchema = z.enum(['reversible', 'bounded', 'unbounded']);

export const agentActionSchema = z.strictObject({
  type: z.literal('agent_action'),
  action_digest: sha256Base64url,
  resource: z.strictObject({ type: text, id: text, properties: json.optional() }),
  action: z.strictObject({ name: text, properties: json.optional() }),
  tier: tierSchema,
});

export const tokenApprovalSchema = z.strictObject({
  reviewer: foreignId,
  role: foreignId,
  verdict: z.literal('approve'),
  reason_code: foreignId,
  opened_at: instant,
  decided_at: instant,
  review_dwell_ms: durationMs,
  active_ms: durationMs,
  coverage: z.array(foreignId).max(64),
  statement_digest: digest,
  method: z.enum(['passkey', 'session']),
  /** Whose lent authority the reviewer used. */
  on_behalf_of: foreignId.optional(),
  /** The opened break-glass without which this approval would not have counted. */
  break_glass: foreignId.optional(),
});

export const claimsSchema = z
  .strictObject({
    iss: text,
    aud: text,
    sub: text,
    act: z.strictObject({ sub: text }),
    jti: z.string().refine((value) => parseId(value, 'apr').ok, 'approval id'),
    iat: numericDate,
    nbf: numericDate,
    exp: numericDate,
    task_id: foreignId,
    authorization_details: z.array(agentActionSchema).length(1),
    policy: z.strictObject({ id: foreignId, version: foreignId, digest }),
    cnf: z.strictObject({ jkt: sha256Base64url }).optional(),
    approvals: z.array(tokenApprovalSchema).min(1).max(16),
    record: z.strictObject({ stream: text, position: z.int().min(1), link: digest }),
  })
  .refine(({ nbf, exp }) => nbf < exp, 'nbf before exp');

export type Tier = z.infer<typeof tierSchema>;
export type TokenApproval = z.infer<typeof tokenApprovalSchema>;
export type TokenClaims = z.infer<typeof claimsSchema>;
