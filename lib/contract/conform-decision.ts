import type { DecisionBody } from '@/lib/decisions/record-payload';
import { type ConformanceFinding, finding } from './conformance';
import { isImpreciseModelVersion, isMovingVersion } from './imprecise-version';

/** What an investigation will ask of a decision, and whether this one answers. */
export function conformDecision(body: DecisionBody): ConformanceFinding[] {
  return [
    ...conformIdentity(body),
    ...conformVersions(body),
    ...conformGuardrails(body),
    ...conformOutput(body),
  ];
}

function conformIdentity({ identity }: DecisionBody): ConformanceFinding[] {
  const { agent, subjects, principal, run_id, session_id, trace_id } = identity;
  return [
    ...(isMovingVersion(agent.version)
      ? [finding('agent_version_imprecise', 'body.identity.agent.version')]
      : []),
    ...(subjects.length === 0 ? [finding('subjects_missing', 'body.identity.subjects')] : []),
    ...(principal ? [] : [finding('principal_missing', 'body.identity.principal')]),
    ...((run_id ?? session_id ?? trace_id) ? [] : [finding('correlation_missing', 'body.identity')]),
  ];
}

function conformVersions({ model, context }: DecisionBody): ConformanceFinding[] {
  const { prompt, policy, retrieval } = context;
  return [
    ...(model ? [] : [finding('model_missing', 'body.model')]),
    ...(model && isImpreciseModelVersion(model.version)
      ? [finding('model_version_imprecise', 'body.model.version')]
      : []),
    // A prompt is named by its digest; a short version beside it is precise enough.
    ...(prompt ? [] : [finding('prompt_missing', 'body.context.prompt')]),
    ...(policy ? [] : [finding('policy_missing', 'body.context.policy')]),
    ...(retrieval && isMovingVersion(retrieval.version)
      ? [finding('index_version_imprecise', 'body.context.retrieval.version')]
      : []),
  ];
}

function conformGuardrails({ guardrails }: DecisionBody): ConformanceFinding[] {
  if (guardrails.length === 0) return [finding('guardrails_missing', 'body.guardrails')];
  return guardrails.flatMap(({ score, threshold, verdict }, i) => {
    // One that failed to run has no score to give.
    if (verdict === 'error') return [];
    if (score === undefined) return [finding('guardrail_score_missing', `body.guardrails.${i}.score`)];
    return threshold === undefined
      ? [finding('guardrail_threshold_missing', `body.guardrails.${i}.threshold`)]
      : [];
  });
}

function conformOutput({ input, output }: DecisionBody): ConformanceFinding[] {
  const { payload, action, outcome } = output;
  const silent = outcome.verdict !== 'allow' && (outcome.control === undefined || outcome.rule === undefined);
  return [
    ...(input ? [] : [finding('input_missing', 'body.input')]),
    ...(payload ? [] : [finding('output_missing', 'body.output.payload')]),
    ...(action.action_digest ? [] : [finding('action_digest_missing', 'body.output.action.action_digest')]),
    ...(silent ? [finding('outcome_rule_missing', 'body.output.outcome')] : []),
  ];
}
