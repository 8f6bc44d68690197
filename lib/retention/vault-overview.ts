import * as z from 'zod';
import { accessPolicy } from '@/lib/vault/access-policy';
import { requestView } from '@/lib/vault/look-request';
import { lookPurpose } from '@/lib/vault/purpose';
import { holdView } from './hold';
import { retentionKind, retentionSchedule } from './schedule';

const named = z.object({ id: z.string(), name: z.string() });

/** PUT /api/v1/vault/retention */
export const setScheduleRequest = z.strictObject({
  schedule: retentionSchedule,
  baseVersion: z.number().int().nonnegative(),
});

/** What stands when a subject has been erased, and how much of it. */
export const erasureReport = z.object({
  keys: z.number().int(),
  identifiers: z.number().int(),
  payloads: z.number().int(),
  /** Escalations that no longer say who was on the other side. */
  sentences: z.number().int().default(0),
  remains: z.object({
    decisions: z.number().int(),
    escalations: z.number().int(),
    looks: z.number().int(),
  }),
});
export type ErasureReport = z.infer<typeof erasureReport>;

export const erasureView = z.object({
  id: z.string(),
  token: z.string(),
  at: z.string(),
  askedBy: named,
  grantedBy: named.nullable(),
  purpose: lookPurpose,
  caseRef: z.string(),
  report: erasureReport,
  position: z.number().int(),
});
export type ErasureView = z.infer<typeof erasureView>;

/** One kind of what is kept: how much, how much of it is due soon, how much a hold keeps. */
export const dueView = z.object({
  kind: retentionKind,
  kept: z.number().int(),
  /** Due within the next 30 days. */
  dueSoon: z.number().int(),
  /** Past its time and kept by a hold. */
  held: z.number().int(),
  nextAt: z.string().nullable(),
});
export type DueView = z.infer<typeof dueView>;

export const deletionView = z.object({
  id: z.string(),
  at: z.string(),
  kind: retentionKind,
  schedule: z.number().int(),
  n: z.number().int(),
  held: z.number().int(),
  position: z.number().int(),
});
export type DeletionView = z.infer<typeof deletionView>;

/** GET /api/v1/vault: everything of the page but the looks, which are paged. */
export const vaultOverview = z.object({
  policy: z.object({ version: z.number().int(), policy: accessPolicy, setBy: named.nullable() }),
  requests: z.array(requestView),
  holds: z.array(holdView),
  retention: z.object({
    version: z.number().int(),
    schedule: retentionSchedule,
    setBy: named.nullable(),
    due: z.array(dueView),
    deletions: z.array(deletionView),
  }),
  erasures: z.array(erasureView),
});
export type VaultOverview = z.infer<typeof vaultOverview>;
