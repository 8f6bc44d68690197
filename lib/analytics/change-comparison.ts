/** What was before and after one change: counts of two windows of equal length, and what can be told apart in them. */
import { z } from 'zod';
import { outcomeCounts } from './insights-view';

const n = z.number().int().nonnegative();

export const SPAN_DAYS = [1, 3, 7, 14, 30] as const;

export const countedOutcomes = z.object({ ...outcomeCounts.shape, of: n });
export type CountedOutcomes = z.infer<typeof countedOutcomes>;

/** One guardrail in one window: how often each class of scores came (`lib/producers/score-class`), and its verdicts. */
export const guardrailWindow = z.object({
  classes: z.array(z.object({ scoreClass: z.number().int(), n })),
  verdicts: z.object({ pass: n, fail: n, error: n }),
  /** As records write them; empty where they named none. */
  thresholds: z.array(z.string()),
});
export type GuardrailWindow = z.infer<typeof guardrailWindow>;

/** Active time of verdicts, in milliseconds. */
export const dwellWindow = z.object({
  n,
  quartilesMs: z.tuple([z.number(), z.number(), z.number()]).nullable(),
});

export const escalationStates = z.object({
  approved: n,
  denied: n,
  expired: n,
  cancelled: n,
  superseded: n,
  pending: n,
});
export type EscalationStates = z.infer<typeof escalationStates>;

const both = <S extends z.ZodType>(schema: S) => z.object({ before: schema, after: schema });

export const driftFinding = z.object({
  /** `outcomes`, `dwell`, or a guardrail's name after `scores:`. */
  measure: z.string(),
  test: z.enum(['chi-squared', 'kolmogorov-smirnov', 'mann-whitney']),
  n: z.tuple([n, n]),
  statistic: z.number(),
  /** Adjusted for every test of this comparison (Holm). */
  p: z.number(),
  drifted: z.boolean(),
});
export type DriftFinding = z.infer<typeof driftFinding>;

const text = z.object({ digest: z.string(), content: z.string().nullable() });

export const changeComparison = z.object({
  subject: z.object({
    id: z.string(),
    at: z.string(),
    /** False: no record told of it, decisions did. */
    announced: z.boolean(),
    target: z.string(),
    name: z.string(),
    fromVersion: z.string().nullable(),
    toVersion: z.string(),
    direction: z.enum(['raised', 'lowered']).nullable(),
    summary: z.string().nullable(),
    record: z.object({ stream: z.string(), position: z.number().int() }).nullable(),
  }),
  askedDays: n,
  /** Hours of each window; 0 when the change is too young to compare. */
  spanHours: n,
  before: z.object({ from: z.string(), to: z.string() }),
  after: z.object({ from: z.string(), to: z.string() }),
  /** The agents whose decisions named what was changed; null: all of them. */
  agents: z.array(z.string()).nullable(),
  outcomes: both(countedOutcomes),
  guardrails: z.array(z.object({ name: z.string(), ...both(guardrailWindow).shape })),
  dwell: both(dwellWindow),
  escalations: both(escalationStates),
  drift: z.array(driftFinding),
  /** Other changes inside these windows, which may be the cause of what is seen. */
  others: z.array(z.object({ id: z.string(), at: z.string(), target: z.string(), name: z.string() })),
  texts: z.object({ from: text.nullable(), to: text.nullable() }),
});
export type ChangeComparison = z.infer<typeof changeComparison>;
