import * as z from 'zod';
import { foreignId, tier } from '@/lib/decisions/record-payload';
import { role } from '@/lib/identity/role';
import type { NoticeKind } from './notification-kinds';

/**
 * What a notice may say: nothing that is a name, an amount or a parameter of an action. `rule` names an alert's rule,
 * `path` the page of the console that tells the rest.
 */
export const noticeAbout = z.object({
  path: z
    .string()
    .max(300)
    .regex(/^\/[A-Za-z0-9_/?&=.:%-]*$/),
  agent: foreignId.nullable().default(null),
  tier: tier.nullable().default(null),
  rule: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{0,63}$/)
    .nullable()
    .default(null),
  /** Exactly these people; else everyone with one of `roles`; else whom the kind is for. */
  persons: z.array(z.string().max(64)).max(500).optional(),
  roles: z.array(role).max(5).optional(),
  /** Only this channel: the settings' test, or a gateway's callback. */
  channel: z.string().max(64).optional(),
});
export type NoticeAbout = z.infer<typeof noticeAbout>;

/** One notice on its way through one channel. `id` is the same at every attempt: receivers drop what they have seen. */
export interface Message {
  id: string;
  kind: NoticeKind;
  ref: string;
  about: NoticeAbout;
  expiresAtMs: number | null;
  createdAtMs: number;
}
