import * as z from 'zod';
import { currency, decimal, tier } from '@/lib/decisions/record-payload';
import { role } from './role';

/** An amount that a limit can be: not negative. */
const limit = decimal.refine((text) => !text.startsWith('-'), 'negative');

/** What a reviewer may approve, as the console sends and shows it. An amount needs its currency. */
export const authoritySchema = z
  .object({
    maxTier: tier,
    maxAmount: limit.nullable(),
    currency: currency.nullable(),
    tools: z.array(z.string().min(1).max(128)).max(64),
  })
  .refine((authority) => (authority.maxAmount === null) === (authority.currency === null), {
    path: ['currency'],
    message: 'currency',
  });

const roles = z.array(role).min(1).max(5);
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
