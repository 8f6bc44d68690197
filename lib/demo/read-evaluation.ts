import { z } from 'zod';
import type { EvaluationAnswer } from './decision-body';

const answer = z.object({
  decision: z.boolean(),
  context: z.object({
    evaluation_id: z.string(),
    verdict: z.enum(['allow', 'refuse', 'escalate', 'defer']),
    control: z.enum(['grant', 'budget', 'reversibility', 'threshold', 'containment']).nullable(),
    rule: z.string().nullable(),
    reason_code: z.string(),
    tier: z.enum(['reversible', 'bounded', 'unbounded']),
    policy: z.object({ id: z.string(), version: z.number(), digest: z.string() }),
    budgets: z.array(
      z.object({
        name: z.string(),
        window: z.string(),
        used: z.string(),
        limit: z.string(),
        unit: z.string(),
      }),
    ),
  }),
});

/** The decision point's answer as it came over the wire or from the verb. */
export function readEvaluation(value: unknown): EvaluationAnswer {
  const { context } = answer.parse(value);
  return {
    evaluationId: context.evaluation_id,
    verdict: context.verdict,
    control: context.control,
    rule: context.rule,
    reasonCode: context.reason_code,
    tier: context.tier,
    policy: context.policy,
    budgets: context.budgets,
  };
}
