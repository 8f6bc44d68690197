import { formatInstant } from '@/lib/core/instant';
import type { Tier } from '@/lib/decisions/record-payload';
import type { BudgetState } from '@/lib/escalations/escalation-view';
import type { PolicyDecision } from '@/lib/policy/decide-policy';
import { getConfig } from '../config';
import type { ActivePolicy } from '../policies/get-active-policy';

export interface EvaluationAnswer {
  decision: boolean;
  context: Record<string, unknown>;
}

/** How a decision is told to a gateway: AuthZEN's `decision`, and why in `context`. */
export function formatEvaluationAnswer(made: {
  id: string;
  decision: PolicyDecision;
  policy: ActivePolicy;
  actionDigest: string;
  expiresAtMs: number;
}): EvaluationAnswer {
  const { decision, policy } = made;
  return {
    decision: decision.verdict === 'allow',
    context: {
      evaluation_id: made.id,
      verdict: decision.verdict,
      control: decision.control,
      rule: decision.rule,
      reason_code: decision.reasonCode,
      tier: decision.tier,
      action_digest: made.actionDigest,
      policy: { id: policy.id, version: policy.version, digest: policy.digest },
      budgets: decision.budgets.map(formatBudget),
      ...(decision.requestable
        ? {
            access_request: {
              endpoint: `${getConfig().origin}/access/v1/requests`,
              evaluation_id: made.id,
              expires_at: formatInstant(made.expiresAtMs),
              // The gateway holds the token to it again before it spends it.
              quorum: decision.quorum,
              break_glass: mayBreakGlass(policy.document, decision.tier),
            },
          }
        : {}),
    },
  };
}

function formatBudget(budget: BudgetState): Record<string, string> {
  const { name, measure, window, unit, used, thisAction, limit } = budget;
  return { name, measure, window, unit, used, this_action: thisAction, limit };
}

/** Whether an opened break-glass may let a reviewer fill a senior reviewer's place for this tier. */
function mayBreakGlass({ review: { breakGlass } }: ActivePolicy['document'], tier: Tier): boolean {
  return (
    breakGlass?.enabled === true && breakGlass.relaxes.includes('senior') && breakGlass.tiers.includes(tier)
  );
}
