/**
 * What a policy says about the attention of the people who decide: how much reading an amount of evidence needs, how much
 * one person decides in an hour, what happens when someone shows fatigue, and how often a drill comes. Everything is off
 * unless the policy says it; why these controls and not a clock alone is told at `/docs/reviewers`.
 */
import * as z from 'zod';
import { tier } from '@/lib/decisions/record-payload';

/** Active reading beyond the tier's own minimum, by what is shown; both together never ask for more than `atMostMs`. */
const readingRules = z.object({
  perThousandCharactersMs: z.number().int().min(0).max(60_000).default(0),
  /** For each retrieved item and each guardrail result. */
  perItemMs: z.number().int().min(0).max(60_000).default(0),
  atMostMs: z.number().int().min(0).max(600_000).default(180_000),
});
export type ReadingRules = z.infer<typeof readingRules>;

const loadRules = z.object({
  /** Verdicts in any sixty minutes, each counted by the weight of its tier. */
  decisionsPerHour: z.number().int().min(1).max(1_000),
  /** Active reading without a break. */
  activeMinutes: z.number().int().min(5).max(600),
  /** A pause that ends a stretch of reading. */
  breakMinutes: z.number().int().min(1).max(120).default(10),
  weights: z.partialRecord(tier, z.number().int().min(1).max(20)).default({}),
  /** From here on the person is told quietly. */
  noticeAtPercent: z.number().int().min(50).max(100).default(80),
});
export type LoadRules = z.infer<typeof loadRules>;

const drillRules = z.object({
  /** Drills for each hundred real escalations. */
  perHundred: z.number().int().min(0).max(20),
  /** The share of them that should be denied. */
  knownBadPercent: z.number().int().min(0).max(100).default(70),
  /** A planned drill appears at a random moment within this time. */
  withinMinutes: z.number().int().min(1).max(1_440).default(60),
  /** No drill while more real escalations than this wait. */
  skipWhenWaiting: z.number().int().min(1).max(10_000).default(50),
});
export type DrillRules = z.infer<typeof drillRules>;

export const attentionRules = z.object({
  reading: readingRules.optional(),
  load: loadRules.optional(),
  drills: drillRules.optional(),
  /** `lessLoad` lowers the limits to `lessLoadPercent`; `secondReviewer` adds a place to the quorum of an approval. */
  whenFatigued: z.enum(['nothing', 'lessLoad', 'secondReviewer']).default('nothing'),
  lessLoadPercent: z.number().int().min(10).max(90).default(50),
});
export type AttentionRules = z.infer<typeof attentionRules>;

/** Whether evidence that cannot be shown faithfully stops an approval, by tier. Unsaid: it does where nothing can be undone. */
export const notInspectableRules = z.partialRecord(tier, z.enum(['block', 'allow']));
