import type { z } from 'zod';
import { control, type decisionBody, type OutcomeSource } from '@/lib/decisions/record-payload';
import { actionDigest } from '@/lib/tokens/action';
import type { Proposal } from './proposal';

/** What the decision point answered, as far as a decision record names it. */
export interface EvaluationAnswer {
  evaluationId: string;
  verdict: 'allow' | 'refuse' | 'escalate' | 'defer';
  control: string | null;
  rule: string | null;
  reasonCode: string;
  tier: 'reversible' | 'bounded' | 'unbounded';
  policy: { id: string; version: number; digest: string };
  budgets: { name: string; window: string; used: string; limit: string; unit: string }[];
}

/**
 * The body of the decision record that the agent's gateway signs for one proposal: the proposal's own field groups,
 * and in `output` what was proposed and what the decision point answered.
 */
export function decisionBodyOf(
  proposal: Pick<Proposal, 'action' | 'body' | 'downstream'>,
  answer: EvaluationAnswer,
  parents: string[],
  source: OutcomeSource = 'gateway',
): z.input<typeof decisionBody> {
  const properties = proposal.action.action.properties ?? {};
  const { amount, currency } = properties;
  return {
    ...proposal.body,
    identity: { ...proposal.body.identity, parents },
    context: {
      ...proposal.body.context,
      policy: { id: answer.policy.id, version: String(answer.policy.version), digest: answer.policy.digest },
    },
    output: {
      action: {
        name: proposal.action.action.name,
        resource: { type: proposal.action.resource.type, id: proposal.action.resource.id },
        action_digest: actionDigest(proposal.action),
        tier: answer.tier,
        ...(typeof amount === 'string' && typeof currency === 'string'
          ? { value: { amount, currency } }
          : {}),
      },
      outcome: {
        verdict: answer.verdict,
        source,
        ...(answer.control ? { control: control.parse(answer.control) } : {}),
        ...(answer.rule ? { rule: answer.rule } : {}),
        reason_code: answer.reasonCode,
        evaluation_id: answer.evaluationId,
      },
      budgets: answer.budgets.map(({ name, window, used, limit, unit }) => ({
        name,
        window,
        used,
        limit,
        unit,
      })),
    },
    downstream: answer.verdict === 'allow' ? proposal.downstream : [],
  };
}
