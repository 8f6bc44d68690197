import * as z from 'zod';
import { currency, decimal, foreignId, spiffeId, subjectToken, tier } from '@/lib/decisions/record-payload';
import { ROLES, role } from './role';
import { workingHoursSchema } from './working-hours';

/** An amount that a limit can be: not negative. */
const limit = z.strictObject({
  amount: decimal.refine((text) => !text.startsWith('-'), 'negative'),
  currency,
});

/** What a reviewer may approve, as the console sends and shows it: one limit a currency. */
export const authoritySchema = z.strictObject({
  maxTier: tier,
  limits: z
    .array(limit)
    .max(16)
    .refine((limits) => new Set(limits.map((each) => each.currency)).size === limits.length, 'currency'),
  tools: z.array(z.string().min(1).max(128)).max(64),
  counterparties: z.array(z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/)).max(66),
  hours: workingHoursSchema.nullable(),
});

const roles = z.array(role).min(1).max(ROLES.length);
const email = z.string().trim().max(320).pipe(z.email());
const personName = z.string().trim().min(1).max(128);

/** POST /api/v1/people */
export const invitePersonRequest = z.object({
  email,
  name: personName,
  roles,
  authority: authoritySchema.nullable(),
});
export type InvitePersonRequest = z.infer<typeof invitePersonRequest>;

/** PUT /api/v1/people/{id}/authority */
export const setAuthorityRequest = z.object({ roles, authority: authoritySchema.nullable() });
export type SetAuthorityRequest = z.infer<typeof setAuthorityRequest>;

/** POST /api/v1/tenants/current */
export const switchTenantRequest = z.object({ tenant: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/) });

/** POST /api/v1/tenants: founding the first organisation with a one-time link's secret. */
export const foundTenantRequest = z.object({
  secret: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
  organisation: z.string().trim().min(1).max(128),
  name: personName,
  email,
  password: z.string().max(400).optional(),
});
export type FoundTenantRequest = z.infer<typeof foundTenantRequest>;

/** POST /api/v1/people/{id}/links: under which other name, or as which other account, a person appears. */
export const personLink = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('person'), value: z.string().regex(/^per_[0-9a-f-]{36}$/) }),
  z.strictObject({ kind: z.literal('subject'), value: subjectToken }),
  z.strictObject({ kind: z.literal('agent'), value: foreignId }),
  z.strictObject({ kind: z.literal('producer'), value: spiffeId }),
]);
export type PersonLink = z.infer<typeof personLink>;
export type PersonLinkKind = PersonLink['kind'];

export const LINK_ENDINGS = ['mistaken', 'no-longer', 'other'] as const;
export type LinkEnding = (typeof LINK_ENDINGS)[number];

/** POST /api/v1/people/{id}/links/end: which link, and why it is ended. */
export const endPersonLinkRequest = z.strictObject({
  link: personLink,
  reasonCode: z.enum(LINK_ENDINGS),
  reasonText: z.string().max(500),
});
export type EndPersonLinkRequest = z.infer<typeof endPersonLinkRequest>;

/** A link as a person's page shows it. */
export interface PersonLinkView {
  kind: PersonLinkKind;
  value: string;
  /** Of the other account. */
  name: string | null;
  /** RFC 3339. */
  since: string;
  /** How it ended; null while it stands. */
  ended: { at: string; why: LinkEnding } | null;
}

/** A member as the settings page shows them. */
export const personView = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  roles: z.array(role),
  authority: authoritySchema.nullable(),
  since: z.string(),
});
export type PersonView = z.infer<typeof personView>;
