import * as z from 'zod';
import { instant } from '@/lib/decisions/record-payload';
import { authoritySchema } from './person-requests';
import { role } from './role';

export const DELEGATION_REASONS = ['leave', 'illness', 'travel', 'training', 'workload', 'other'] as const;
export type DelegationReason = (typeof DELEGATION_REASONS)[number];

/** Nobody lends authority for longer than this at once. */
export const MAX_DELEGATION_MS = 92 * 86_400_000;

/** POST /api/v1/delegations: hands one's own authority, or a part of it, to a colleague from and until. */
export const delegateRequest = z.strictObject({
  to: z.string().regex(/^per_[0-9a-f-]{36}$/),
  /** Null: all of one's own as it is now; never more than it is later. */
  authority: authoritySchema.nullable(),
  from: instant,
  until: instant,
  reasonCode: z.enum(DELEGATION_REASONS),
  reasonText: z.string().max(500),
});
export type DelegateRequest = z.infer<typeof delegateRequest>;

/** A delegation as the two people, compliance, audit and administration see it. */
export const delegationView = z.object({
  id: z.string(),
  from: z.object({ id: z.string(), name: z.string() }),
  to: z.object({ id: z.string(), name: z.string() }),
  roles: z.array(role),
  authority: authoritySchema,
  fromAt: instant,
  untilAt: instant,
  reasonCode: z.enum(DELEGATION_REASONS),
  reasonText: z.string(),
  state: z.enum(['coming', 'in_force', 'ended', 'revoked']),
  /** Whether the viewer may end it. */
  mayRevoke: z.boolean(),
});
export type DelegationView = z.infer<typeof delegationView>;
