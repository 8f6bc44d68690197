/** What `/insights` is drawn from: counts only; rates and intervals are computed where they are shown. */
import { z } from 'zod';

const n = z.number().int().nonnegative();

export const outcomeCounts = z.object({ allow: n, refuse: n, escalate: n, defer: n });
export type OutcomeCounts = z.infer<typeof outcomeCounts>;

export const WINDOW_DAYS = [7, 30, 90] as const;

export const insightsView = z.object({
  /** Whole days in UTC, both included; rollups are kept by the hour in UTC. */
  from: z.string(),
  to: z.string(),
  days: z.array(z.object({ day: z.string(), ...outcomeCounts.shape, of: n })),
  totals: z.object({ ...outcomeCounts.shape, of: n }),
  /** The same number of days before. */
  before: z.object({ ...outcomeCounts.shape, of: n }),
  byAgent: z.array(z.object({ name: z.string(), ...outcomeCounts.shape, of: n })),
  byControl: z.array(z.object({ name: z.string(), ...outcomeCounts.shape, of: n })),
  bySource: z.array(z.object({ name: z.string(), ...outcomeCounts.shape, of: n })),
  rules: z.array(z.object({ rule: z.string(), control: z.string(), verdict: z.string(), n })),
  /** Rules of the policy in force that did not fire in the window, and when they last did. */
  silentRules: z.array(z.object({ rule: z.string(), control: z.string(), lastFired: z.string().nullable() })),
  policyRules: n,
  changes: z.array(
    z.object({
      at: z.string(),
      id: z.string(),
      target: z.string(),
      name: z.string(),
      toVersion: z.string(),
      direction: z.string().nullable(),
      summary: z.string(),
    }),
  ),
  escalations: z.object({
    approved: n,
    denied: n,
    expired: n,
    cancelled: n,
    superseded: n,
    pending: n,
    /** From submission to the verdict, approved and denied ones only; null without any. */
    medianDecideMs: z.number().nullable(),
  }),
  reviewers: z.array(
    z.object({
      person: z.string(),
      name: z.string(),
      reviews: n,
      approved: n,
      activeDays: n,
      busiestDay: n,
      medianActiveMs: z.number(),
    }),
  ),
});
export type InsightsView = z.infer<typeof insightsView>;
