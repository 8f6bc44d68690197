import type { Sentence } from '@/lib/escalations/escalation-view';
import type { Action } from '@/lib/tokens/action';
import { type ActionReading, textAt } from './action-facts';

/** The page's one sentence about an action. Its words come from the policy, its names from the agent: shown as such. */
export function describeAction(action: Action, reading: ActionReading): Sentence {
  const { tool, facts } = reading;
  const agentName = action.subject.properties?.name;
  const object =
    textAt(action, tool?.counterpartyName) ?? textAt(action, tool?.counterparty) ?? action.resource.id;
  return {
    agent: typeof agentName === 'string' && agentName.length > 0 ? agentName.slice(0, 256) : facts.agent,
    verb: tool?.verb ?? `use ${facts.tool}`,
    ...(facts.amount ? { amount: facts.amount } : {}),
    ...(tool?.preposition ? { preposition: tool.preposition } : {}),
    object,
    ...(facts.principal ? { principal: facts.principal } : {}),
  };
}
