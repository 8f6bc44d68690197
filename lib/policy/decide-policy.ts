/**
 * The reference decision: five primitives over one action, in a fixed order.
 *
 *   grant          may this agent use this tool here at all? If not, nothing else is asked and nobody can lift it.
 *   containment    can everything that the decision needs be read? If not: refuse or defer, never allow.
 *   budget         value, volume, velocity over rolling windows
 *   threshold      per action, cumulative, per counterparty, patterns
 *   reversibility  what the action's tier needs before anything else speaks
 *
 * Every rule that fires is listed; the most restrictive verdict wins (refuse > defer > escalate > allow), and among
 * equals the first in this order names the control. Only an escalation can be lifted by people.
 */
import type { Control, OutcomeVerdict, Tier } from '@/lib/decisions/record-payload';
import type { BudgetState, Measured, Quorum, Sentence } from '@/lib/escalations/escalation-view';
import type { Action } from '@/lib/tokens/action';
import { type ActionFacts, type ActionReading, readAction } from './action-facts';
import { describeAction } from './describe-action';
import { findUnmeasurable } from './find-unmeasurable';
import { joinQuorums } from './join-quorums';
import { matchesAny } from './match-pattern';
import { measureBudgets } from './measure-budgets';
import { measureThresholds } from './measure-thresholds';
import type { PolicyDocument, PolicyGrant } from './policy-document';
import type { PolicyFinding } from './policy-finding';
import type { PolicyReason } from './policy-reason';
import type { PolicyState } from './state-queries';

export type PolicyDecision = {
  verdict: OutcomeVerdict;
  control: Control;
  rule: string;
  reasonCode: PolicyReason;
  tier: Tier;
  /** True only for an escalation: people may lift it. */
  requestable: boolean;
  /** Who must agree; empty unless requestable. */
  quorum: Quorum;
  measured: Measured[];
  budgets: BudgetState[];
  sentence: Sentence;
  facts: ActionFacts;
};

const SEVERITY = { escalate: 1, defer: 2, refuse: 3 } as const;

/** Decides one action under one policy. `state` answers `stateQueriesOf(document, facts)` at the time of decision. */
export function decidePolicy(document: PolicyDocument, action: Action, state: PolicyState): PolicyDecision {
  const reading = readAction(document, action);
  const grant = findGrant(document, reading.facts);
  if (typeof grant === 'string')
    return conclude(document, action, reading, [refusal('grant', 'no-grant', grant)]);
  const problem = reading.problem ?? findUnmeasurable(document, reading.facts);
  if (problem) {
    return conclude(document, action, reading, [refusal('containment', 'unreadable-action', problem)]);
  }
  const values = state.available ? state.values : {};
  const budgets = measureBudgets(document, reading.facts, values);
  const thresholds = measureThresholds(document, action, reading.facts, values);
  const contained = !state.available || budgets.stateMissing || thresholds.stateMissing;
  const tier = tierFinding(document, reading.facts.tier);
  const findings = [
    ...(contained ? [stateUnavailable(document)] : []),
    ...budgets.findings,
    ...thresholds.findings,
    ...(tier ? [tier] : []),
  ];
  return conclude(document, action, reading, findings, budgets.states, grant);
}

function conclude(
  document: PolicyDocument,
  action: Action,
  reading: ActionReading,
  findings: readonly PolicyFinding[],
  budgets: BudgetState[] = [],
  grant?: PolicyGrant,
): PolicyDecision {
  let worst: PolicyFinding | undefined;
  for (const finding of findings) {
    if (!worst || SEVERITY[finding.verdict] > SEVERITY[worst.verdict]) worst = finding;
  }
  const requestable = worst?.verdict === 'escalate';
  return {
    verdict: worst?.verdict ?? 'allow',
    control: worst?.control ?? 'grant',
    rule: worst?.rule ?? grant?.name ?? 'no-grant',
    reasonCode: worst?.reasonCode ?? 'within_authority',
    tier: reading.facts.tier,
    requestable,
    quorum: requestable
      ? joinQuorums(findings.map((finding) => finding.quorum ?? document.review.quorum))
      : [],
    measured: findings.map((finding) => finding.measured),
    budgets,
    sentence: describeAction(action, reading),
    facts: reading.facts,
  };
}

/** The first grant that covers the action, or what is missing. */
function findGrant(document: PolicyDocument, facts: ActionFacts): PolicyGrant | PolicyReason {
  const ofAgent = document.grants.filter((grant) => matchesAny(grant.agents, facts.agent));
  if (ofAgent.length === 0) return 'agent_not_granted';
  const ofTool = ofAgent.filter((grant) => matchesAny(grant.tools, facts.tool));
  if (ofTool.length === 0) return 'tool_not_granted';
  const { runtime } = facts;
  return (
    ofTool.find((grant) => !grant.runtimes || (runtime !== null && grant.runtimes.includes(runtime))) ??
    'runtime_not_granted'
  );
}

const REFUSALS: Partial<Record<PolicyReason, string>> = {
  agent_not_granted: 'No grant names this agent.',
  tool_not_granted: 'No grant lets this agent use this tool.',
  runtime_not_granted: 'No grant lets this agent use this tool where it runs.',
  tool_unknown: 'The policy does not describe this tool.',
  amount_missing: 'The action does not say how much.',
  amount_garbled: 'The amount is not a plain decimal.',
  amount_negative: 'The amount is negative.',
  amount_too_large: 'The amount is larger than this console counts.',
  currency_missing: 'The action does not name its currency.',
  currency_garbled: 'The currency is not an ISO 4217 code.',
  currency_foreign: 'The limits are in another currency, and nothing here converts.',
  counterparty_missing: 'The action does not say whom it concerns.',
  principal_missing: 'The action does not say for whom the agent acts, and a rule needs that.',
  principal_garbled: 'The principal is not a type and a subject token.',
};

function refusal(control: Control, rule: string, reasonCode: PolicyReason): PolicyFinding {
  const explanation = REFUSALS[reasonCode] ?? reasonCode;
  return {
    verdict: 'refuse',
    control,
    rule,
    reasonCode,
    measured: { name: rule, measured: reasonCode, unit: control, explanation },
  };
}

function stateUnavailable(document: PolicyDocument): PolicyFinding {
  return {
    verdict: document.containment.stateUnavailable,
    control: 'containment',
    rule: 'state-unavailable',
    reasonCode: 'state_unavailable',
    measured: {
      name: 'state-unavailable',
      measured: 'unavailable',
      unit: 'state',
      explanation: 'What was spent and done before could not be read.',
    },
  };
}

/** A tier that the document does not mention needs a review unless it is reversible. */
function tierFinding(document: PolicyDocument, tier: Tier): PolicyFinding | undefined {
  const rule = document.tiers.find((entry) => entry.tier === tier);
  const needs = rule?.needs ?? (tier === 'reversible' ? 'nothing' : 'review');
  if (needs === 'nothing') return undefined;
  return {
    verdict: 'escalate',
    control: 'reversibility',
    rule: `tier-${tier}`,
    reasonCode: 'tier_needs_review',
    ...(rule?.quorum ? { quorum: rule.quorum } : {}),
    measured: {
      name: `tier-${tier}`,
      measured: tier,
      unit: 'tier',
      explanation: `Actions of the tier "${tier}" need a person's review.`,
    },
  };
}
