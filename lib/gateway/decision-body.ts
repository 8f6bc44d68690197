import { isForeignId } from '@/lib/core/id';
import type { JsonObject } from '@/lib/core/json';
import type { Action } from '@/lib/tokens/action';
import type { Evaluation } from './access-client';

/** The agent as its decision records name it. */
export type AgentIdentity = { id: string; name: string; version: string; runtime?: string };

/**
 * A decision record's body (formats.md §3) from what a gateway knows: who wanted what, under which policy, and what was
 * decided. Arguments are not in it, only the action's digest; a resource whose id is no plain identifier is left out.
 */
export function formatDecisionBody(
  agent: AgentIdentity,
  action: Action,
  evaluation: Evaluation,
  about: { sessionId?: string } = {},
): JsonObject {
  const { policy } = evaluation;
  const { principal } = action.context;
  const { type, id } = action.resource;
  return {
    identity: {
      agent: { ...agent },
      ...(principal === undefined ? {} : { principal }),
      ...(about.sessionId === undefined ? {} : { session_id: about.sessionId }),
    },
    context: { policy: { id: policy.id, version: String(policy.version), digest: policy.digest } },
    output: {
      action: {
        name: action.action.name,
        ...(isForeignId(id) && type.length <= 256 ? { resource: { type, id } } : {}),
        action_digest: evaluation.actionDigest,
        tier: evaluation.tier,
      },
      outcome: {
        verdict: evaluation.verdict,
        source: 'gateway',
        control: evaluation.control,
        rule: evaluation.rule,
        reason_code: evaluation.reasonCode,
        evaluation_id: evaluation.evaluationId,
      },
      budgets: evaluation.budgets.map(({ name, window, used, limit, unit }) => ({
        name,
        window,
        used,
        limit,
        unit,
      })),
    },
  };
}
