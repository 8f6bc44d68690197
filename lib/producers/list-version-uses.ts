import type { DecisionBody } from '@/lib/decisions/record-payload';
import type { GuardrailRow, VersionUseRow } from './projection';
import { scoreClassOf } from './score-class';
import { shortLabel } from './short-label';

/** What a decision ran under, by name and version: its agent too, and each guardrail's threshold. */
export function listVersionUses({ identity, model, context, guardrails }: DecisionBody): VersionUseRow[] {
  const { prompt, retrieval, policy, routing } = context;
  const uses: VersionUseRow[] = [];
  const add = (kind: VersionUseRow['kind'], name: string, version: string | undefined) => {
    if (version !== undefined) uses.push({ kind, name: shortLabel(name), version: shortLabel(version) });
  };
  add('agent', identity.agent.id, identity.agent.version);
  if (model) add('model', `${model.provider}/${model.name}`, model.version);
  if (prompt) add('prompt', prompt.template, prompt.version);
  if (retrieval) add('index', retrieval.index, retrieval.version);
  if (policy) add('policy', policy.id, policy.version);
  add('routing', 'routing', routing);
  for (const guardrail of guardrails) {
    add('guardrail', guardrail.name, guardrail.version);
    add('guardrail-threshold', guardrail.name, guardrail.threshold);
  }
  return uses;
}

/** What each guardrail said of a decision, with the class of its score. */
export function listGuardrails({ guardrails }: DecisionBody): GuardrailRow[] {
  return guardrails.map(({ name, version, verdict, score, threshold }) => ({
    name: shortLabel(name),
    version: shortLabel(version),
    threshold: threshold ?? '',
    verdict,
    scoreClass: scoreClassOf(score),
  }));
}
