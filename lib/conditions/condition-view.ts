/** What people see of conditions and say about them. */
import * as z from 'zod';
import { CONDITION_RESOLUTIONS, conditionCode } from './condition';

/** Why a person closes a condition; their own words are kept beside the record, not in it. */
export const CONDITION_REASONS = {
  'evidence-restored': 'The evidence was restored',
  'loss-explained': 'The loss is explained and answered for',
  'source-elsewhere': 'What is missing is kept elsewhere',
  'action-given-up': 'The action is given up',
} as const;
export const conditionReason = z.enum(
  Object.keys(CONDITION_REASONS) as [keyof typeof CONDITION_REASONS, ...(keyof typeof CONDITION_REASONS)[]],
);

export const conditionView = z.object({
  id: z.string(),
  code: conditionCode,
  scope: z.string(),
  detail: z.string(),
  escalation: z.string().nullable(),
  decision: z.string().nullable(),
  openedAt: z.string(),
  /** The incident that recorded it. */
  record: z.object({ stream: z.string(), position: z.number().int() }),
  resolvedAt: z.string().nullable(),
  resolution: z.enum(CONDITION_RESOLUTIONS).nullable(),
  /** A person's name, or null for the console itself. */
  resolvedBy: z.string().nullable(),
  reasonCode: z.string().nullable(),
});
export type ConditionView = z.infer<typeof conditionView>;

/** GET /api/v1/integrity/conditions: every open one, then the latest that were closed. */
export const conditionList = z.object({ conditions: z.array(conditionView) });

/** POST …/{id}/check: what the check says now. */
export const conditionCheck = z.object({ holds: z.boolean(), detail: z.string() });
export type ConditionCheck = z.infer<typeof conditionCheck>;

/** POST …/{id}/resolve */
export const resolveConditionRequest = z.strictObject({
  resolution: z.enum(CONDITION_RESOLUTIONS),
  reasonCode: conditionReason,
  reasonText: z.string().max(2_000),
});
export type ResolveConditionRequest = z.infer<typeof resolveConditionRequest>;
