import * as z from 'zod';
import { instant } from '@/lib/decisions/record-payload';

/** How much one person has decided and read lately, against what the policy lets one person take. */
export const loadView = z.object({
  state: z.enum(['free', 'near', 'reached']),
  /** Weighted verdicts of the last sixty minutes. */
  used: z.number().int(),
  limit: z.number().int(),
  /** Active reading since the last break. */
  activeMs: z.number().int(),
  activeLimitMs: z.number().int(),
  breakMinutes: z.number().int(),
  /** The limits are lowered because the person showed fatigue. */
  lowered: z.boolean(),
  /** Since when a limit is reached, and when work can be taken again if nothing more is done. */
  reachedAt: instant.nullable(),
  freeAt: instant.nullable(),
});
export type LoadView = z.infer<typeof loadView>;

/** GET /api/v1/attention/own/load; null where the policy sets no limits. */
export const ownLoad = z.object({ load: loadView.nullable() });
