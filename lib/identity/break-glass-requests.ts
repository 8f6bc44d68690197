import * as z from 'zod';
import { instant, tier } from '@/lib/decisions/record-payload';

export const BREAK_GLASS_REASONS = [
  'patient-safety',
  'fraud-in-progress',
  'outage',
  'nobody-reachable',
  'legal-deadline',
  'other',
] as const;
export const BREAK_GLASS_FINDINGS = ['justified', 'justified-with-measures', 'not-justified'] as const;
export type BreakGlassFinding = (typeof BREAK_GLASS_FINDINGS)[number];

const text = z.string().max(2000);

/** POST /api/v1/break-glass: the first of two people asks. */
export const askBreakGlassRequest = z.strictObject({
  reasonCode: z.enum(BREAK_GLASS_REASONS),
  reasonText: text,
});
export type AskBreakGlassRequest = z.infer<typeof askBreakGlassRequest>;

/** POST /api/v1/break-glass/{id}/review: what compliance found afterwards. */
export const reviewBreakGlassRequest = z.strictObject({
  finding: z.enum(BREAK_GLASS_FINDINGS),
  findingText: text,
});
export type ReviewBreakGlassRequest = z.infer<typeof reviewBreakGlassRequest>;

export const breakGlassView = z.object({
  id: z.string(),
  /** `review_due` and `review_overdue` stay until compliance has looked into it. */
  state: z.enum(['asked', 'lapsed', 'open', 'review_due', 'review_overdue', 'reviewed']),
  askedBy: z.string(),
  askedAt: instant,
  confirmBy: instant,
  reasonCode: z.enum(BREAK_GLASS_REASONS),
  reasonText: z.string(),
  openedBy: z.string().nullable(),
  openedAt: instant.nullable(),
  /** When it closes by itself, or was closed. */
  until: instant.nullable(),
  tiers: z.array(tier),
  relaxes: z.array(z.enum(['limits', 'hours', 'senior'])),
  /** Escalations decided under it that have ended: of one that waits a second reviewer must not be told. */
  used: z.array(z.string()),
  reviewDueAt: instant.nullable(),
  reviewedBy: z.string().nullable(),
  finding: z.enum(BREAK_GLASS_FINDINGS).nullable(),
  findingText: z.string().nullable(),
  /** What the viewer may do with it now. */
  may: z.object({ confirm: z.boolean(), close: z.boolean(), review: z.boolean() }),
});
export type BreakGlassView = z.infer<typeof breakGlassView>;
