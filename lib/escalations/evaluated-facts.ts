/**
 * What an evaluation found out about an action, stored with it (column `evaluations.facts`) so that the escalation, the
 * budgets taken at redemption and the reviewer's history all rest on one reading of the action.
 */
import { z } from 'zod';
import { currency, decimal } from '@/lib/decisions/record-payload';

export const evaluatedFacts = z.object({
  agent: z.string().min(1).max(128),
  principal: z.object({ type: z.string().max(256), token: z.string().max(128) }).nullable(),
  tool: z.string().min(1).max(128),
  category: z.string().max(64),
  amount: decimal.nullable(),
  currency: currency.nullable(),
  counterparty: z.string().max(256).nullable(),
  counterpartyName: z.string().max(256).nullable(),
});
export type EvaluatedFacts = z.infer<typeof evaluatedFacts>;
