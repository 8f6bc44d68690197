import { z } from 'zod';
import { type Action, actionSchema } from '@/lib/tokens/action';

/** The result of an access request, or only its `state`: the approval token. */
const approval = z.union([z.string().max(16_384), z.looseObject({ state: z.string().max(16_384) })]);

/** POST /access/v1/evaluation: AuthZEN's evaluation request; `context.approval` asks about a token instead. */
export const evaluationRequest = actionSchema;

/**
 * Separates the approval from the action: what is digested and signed is the context without it.
 * @returns null when `context.approval` is there and is no approval
 */
export function splitApproval(request: z.infer<typeof evaluationRequest>): {
  action: Action;
  approval?: string;
} | null {
  const { approval: presented, ...context } = request.context;
  const action: Action = { ...request, context };
  if (presented === undefined) return { action };
  const parsed = approval.safeParse(presented);
  if (!parsed.success) return null;
  return { action, approval: typeof parsed.data === 'string' ? parsed.data : parsed.data.state };
}

const text = z.string();
const budget = z.object({
  name: text,
  measure: z.enum(['value', 'volume', 'velocity']),
  window: text,
  unit: text,
  used: text,
  this_action: text,
  limit: text,
});

/** The answer; members beyond these may come later. */
export const evaluationResponse = z.object({
  decision: z.boolean(),
  context: z.looseObject({
    evaluation_id: text.optional(),
    verdict: z.enum(['allow', 'refuse', 'escalate', 'defer']),
    control: z.enum(['grant', 'budget', 'reversibility', 'threshold', 'containment']).optional(),
    rule: text.optional(),
    reason_code: text,
    tier: z.enum(['reversible', 'bounded', 'unbounded']).optional(),
    action_digest: text,
    policy: z.object({ id: text, version: z.union([z.number().int(), text]), digest: text }).optional(),
    budgets: z.array(budget).default([]),
    access_request: z
      .object({
        endpoint: text,
        evaluation_id: text,
        expires_at: text,
        /** AND of roles, filled by distinct people: what a gateway holds the token to. */
        quorum: z.array(z.object({ role: text, count: z.number().int() })),
        /** Whether the policy lets an opened break-glass stand in for a senior reviewer here. */
        break_glass: z.boolean(),
      })
      .optional(),
    next_action: z.enum(['redeem', 'request']).optional(),
    approval_id: text.optional(),
    approved_until: text.optional(),
    redeem_endpoint: text.optional(),
  }),
});
export type EvaluationResponse = z.infer<typeof evaluationResponse>;
