import type { DecisionBody } from '@/lib/decisions/record-payload';
import type { VersionKind } from '@/lib/producers/version-request';

/** A version that a decision says it ran under. */
export interface NamedVersion {
  kind: VersionKind;
  name: string;
  /** What changes may call it as well: a model without its provider. */
  otherName?: string;
  version: string;
  /** Null where the record names none. */
  digest: string | null;
}

/** Every prompt, policy, model, index and guardrail version of a decision, in the order of its groups. */
export function namedVersions({ model, context, guardrails }: DecisionBody): NamedVersion[] {
  const { prompt, retrieval, policy } = context;
  const named: NamedVersion[] = [];
  if (model)
    named.push({
      kind: 'model',
      name: `${model.provider}/${model.name}`,
      otherName: model.name,
      version: model.version,
      digest: model.digest ?? null,
    });
  if (prompt)
    named.push({ kind: 'prompt', name: prompt.template, version: prompt.version, digest: prompt.digest });
  if (retrieval)
    named.push({
      kind: 'index',
      name: retrieval.index,
      version: retrieval.version,
      digest: retrieval.digest ?? null,
    });
  if (policy) named.push({ kind: 'policy', name: policy.id, version: policy.version, digest: policy.digest });
  for (const { name, version, digest } of guardrails)
    named.push({ kind: 'guardrail', name, version, digest: digest ?? null });
  return named;
}
