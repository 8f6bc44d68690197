import type { DecisionBody } from '@/lib/decisions/record-payload';
import { type EdgeKind, externalNode, indexNode, modelNode } from './edge-kinds';
import { listGuardrails, listVersionUses } from './list-version-uses';
import { plainText } from './plain-text';
import { guardrailLines, guardrailMarks } from './project-guardrails';
import type { DecisionRow, EdgeRow, MarkRow, Projection, VersionRow } from './projection';

/** Search row, subjects, lineage edges and versions of one decision. */
export function projectDecision(id: string, occurredAt: string, body: DecisionBody): Projection {
  return {
    occurredAt,
    decision: decisionRow(id, occurredAt, body),
    subjects: distinctSubjects(body),
    marks: decisionMarks(body),
    lateMarks: [],
    edges: decisionEdges(id, body),
    versions: decisionVersions(body),
    versionUses: listVersionUses(body),
    guardrails: listGuardrails(body),
    change: null,
  };
}

function decisionRow(id: string, occurredAt: string, body: DecisionBody): DecisionRow {
  const { identity, model, context, output, review } = body;
  const { action, outcome } = output;
  return {
    id,
    occurredAt,
    agent: identity.agent.id,
    agentVersion: plainText(identity.agent.version),
    runtime: textOrNull(identity.agent.runtime),
    principal: identity.principal?.token ?? null,
    sessionId: identity.session_id ?? null,
    runId: identity.run_id ?? null,
    traceId: identity.trace_id ?? null,
    tool: action.name,
    resource: action.resource ? plainText(`${action.resource.type}:${action.resource.id}`) : null,
    actionDigest: action.action_digest ?? null,
    tier: action.tier,
    verdict: outcome.verdict,
    source: outcome.source,
    control: outcome.control ?? null,
    rule: textOrNull(outcome.rule),
    reasonCode: plainText(outcome.reason_code),
    model: model ? plainText(`${model.provider}/${model.name}`) : null,
    modelVersion: textOrNull(model?.version),
    promptDigest: context.prompt?.digest ?? null,
    policyId: textOrNull(context.policy?.id),
    policyVersion: textOrNull(context.policy?.version),
    amount: action.value?.amount ?? null,
    currency: action.value?.currency ?? null,
    escalation: review?.escalation_id ?? null,
    evaluation: outcome.evaluation_id ?? null,
    prompt: textOrNull(context.prompt?.template),
    promptVersion: textOrNull(context.prompt?.version),
    guardrails: guardrailLines(body.guardrails),
  };
}

function decisionMarks({ guardrails, review, downstream, origin }: DecisionBody): MarkRow[] {
  const values = {
    guardrail: guardrailMarks(guardrails),
    reviewer: review?.reviewers ?? [],
    downstream: downstream.map(({ id }) => id),
    origin: origin ? [origin.protocol] : [],
  };
  return (['guardrail', 'reviewer', 'downstream', 'origin'] as const).flatMap((kind) =>
    [...new Set(values[kind])].map((value) => ({ kind, value })),
  );
}

function textOrNull(text: string | undefined): string | null {
  return text === undefined ? null : plainText(text);
}

/** The principal is a subject too: "everything about this customer" must find what was done for them. */
function distinctSubjects(body: DecisionBody): { token: string; type: string }[] {
  const { subjects, principal } = body.identity;
  const types = new Map(subjects.map(({ token, type }) => [token, plainText(type)]));
  if (principal && !types.has(principal.token)) types.set(principal.token, plainText(principal.type));
  return Array.from(types, ([token, type]) => ({ token, type }));
}

function decisionEdges(id: string, body: DecisionBody): EdgeRow[] {
  const { identity, input, model, context, output, review, downstream } = body;
  const edges: EdgeRow[] = [];
  const add = (kind: EdgeKind, target: string | undefined) => {
    if (target !== undefined) edges.push({ source: id, kind, target: plainText(target) });
  };
  for (const parent of identity.parents) add('parent', parent);
  add('input', input?.digest);
  add('output', output.payload?.digest);
  if (model) add('model', modelNode(model));
  add('prompt', context.prompt?.digest);
  if (context.retrieval) {
    add('index', indexNode(context.retrieval));
    for (const item of context.retrieval.items) add('retrieved', item.digest);
  }
  add('policy', context.policy?.digest);
  add('authorised_by', review?.approval_id);
  for (const thing of downstream) add('created', externalNode(thing));
  if (review) {
    edges.push({ source: review.escalation_id, kind: 'escalates', target: id });
    if (review.approval_id)
      edges.push({ source: review.approval_id, kind: 'approves', target: review.escalation_id });
  }
  return edges;
}

function decisionVersions(body: DecisionBody): VersionRow[] {
  const { model, context } = body;
  const versions: VersionRow[] = [];
  if (model) {
    versions.push({
      digest: plainText(modelNode(model)),
      kind: 'model',
      name: plainText(`${model.provider}/${model.name}`),
      version: plainText(model.version),
    });
  }
  const { prompt, retrieval, policy } = context;
  if (prompt) {
    versions.push({
      digest: prompt.digest,
      kind: 'prompt',
      name: plainText(prompt.template),
      version: plainText(prompt.version),
    });
  }
  if (retrieval) {
    versions.push({
      digest: plainText(indexNode(retrieval)),
      kind: 'index',
      name: plainText(retrieval.index),
      version: plainText(retrieval.version),
    });
  }
  if (policy) {
    versions.push({
      digest: policy.digest,
      kind: 'policy',
      name: plainText(policy.id),
      version: plainText(policy.version),
    });
  }
  return versions;
}
