/** What pages send to and get from the vault. Identifiers travel in bodies only, never in an address. */
import * as z from 'zod';
import { foreignId, subjectToken } from '@/lib/decisions/record-payload';
import { accessPolicy, requestKind } from './access-policy';
import { identifierType } from './identifier-type';
import { MAX_IDENTIFIER_CHARACTERS } from './normalise-identifier';
import { caseReference, lookPurpose } from './purpose';

const because = { purpose: lookPurpose, caseRef: caseReference };

/** POST /api/v1/vault/find: "I only have the real identifier". */
export const findRequest = z.strictObject({
  type: identifierType,
  identifier: z.string().min(1).max(MAX_IDENTIFIER_CHARACTERS),
  ...because,
});
export type FindRequest = z.infer<typeof findRequest>;

/** POST /api/v1/vault/reveal */
export const revealRequest = z.strictObject({ token: subjectToken, ...because });
export type RevealRequest = z.infer<typeof revealRequest>;

/** What a look was answered; `waiting` until a second person grants the request. */
export const lookAnswer = z.discriminatedUnion('status', [
  z.object({ status: z.literal('waiting'), request: z.string() }),
  z.object({ status: z.literal('found'), token: subjectToken, look: z.string() }),
  z.object({ status: z.literal('unknown'), look: z.string() }),
  z.object({
    status: z.literal('revealed'),
    token: subjectToken,
    type: identifierType,
    identifier: z.string(),
    look: z.string(),
  }),
]);
export type LookAnswer = z.infer<typeof lookAnswer>;

/** POST /api/v1/vault/requests: what always needs somebody else. `target`: a decision, a hold, a subject token. */
export const secondPersonRequest = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('payload'), target: foreignId, ...because }),
  z.strictObject({ kind: z.literal('release'), target: foreignId, ...because }),
  z.strictObject({ kind: z.literal('erase'), target: subjectToken, ...because }),
]);
export type SecondPersonRequest = z.infer<typeof secondPersonRequest>;

/** POST /api/v1/vault/requests/{id}/decide */
export const decideVaultRequest = z.strictObject({ decision: z.enum(['grant', 'refuse']) });
export type VaultDecision = z.infer<typeof decideVaultRequest>['decision'];

/** PUT /api/v1/vault/policy */
export const setAccessPolicyRequest = z.strictObject({
  policy: accessPolicy,
  baseVersion: z.number().int().nonnegative(),
});

const named = z.object({ id: z.string(), name: z.string() });

export const requestView = z.object({
  id: z.string(),
  kind: requestKind,
  state: z.enum(['pending', 'granted', 'refused', 'used', 'expired']),
  by: named,
  authority: z.string(),
  purpose: lookPurpose,
  caseRef: z.string(),
  target: z.string().nullable(),
  identifierType: identifierType.nullable(),
  requestedAt: z.string(),
  expiresAt: z.string(),
  decidedBy: named.nullable(),
});
export type RequestView = z.infer<typeof requestView>;

export const lookView = z.object({
  id: z.string(),
  kind: z.enum(['find', 'reveal', 'payload']),
  at: z.string(),
  by: named,
  authority: z.string(),
  purpose: lookPurpose,
  caseRef: z.string(),
  identifierType: identifierType.nullable(),
  target: z.string().nullable(),
  found: z.boolean(),
  grantedBy: named.nullable(),
  position: z.number().int(),
});
export type LookView = z.infer<typeof lookView>;

/** GET /api/v1/vault/looks */
export const looksPage = z.object({ looks: z.array(lookView), next: z.string().nullable() });
export type LooksPage = z.infer<typeof looksPage>;
