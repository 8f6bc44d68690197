import type { Authority } from '@/lib/identity/authority';
import { authoritySchema } from '@/lib/identity/person-requests';

/** A row of `authorities a` as the JSON that `readAuthority` takes; null where there is none. */
export const AUTHORITY_JSON = `CASE WHEN a.person IS NULL THEN NULL
  ELSE jsonb_build_object('maxTier', a.max_tier, 'limits', a.limits, 'tools', a.tools,
                          'counterparties', a.counterparties, 'hours', a.hours) END`;

/** Throws when a stored authority is not what this console wrote. */
export function readAuthority(value: unknown): Authority | null {
  return value === null ? null : authoritySchema.parse(value);
}
