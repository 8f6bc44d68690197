import type { DecisionRow } from '@/lib/decisions/decision-view';
import type { DecisionBody } from '@/lib/decisions/record-payload';
import type { DecisionStory } from '../decision-story';
import { streamSlug } from '../package/package-places';
import { BundleBuilder } from './bundle-builder';
import type { ProvBundle } from './prov-document';
import { qualifiedName } from './qualified-name';

const name = qualifiedName;

/** The name of a decision's activity: by its place, which nobody can take twice. */
export function decisionName(place: { stream: string; position: number }): string {
  return name('decision', streamSlug(place.stream), place.position);
}

/**
 * One decision as a PROV bundle: what it used, who was associated with it, what it made, who reviewed it, and what came
 * of it. `parents` are the earlier decisions of this console that it names; a parent that is not earlier stands as a
 * claim only, since nothing is caused by what comes after it.
 */
export function describeDecision(from: {
  row: Pick<DecisionRow, 'id' | 'stream' | 'position' | 'occurredAt'>;
  body: DecisionBody;
  story: DecisionStory;
  parents: readonly Pick<DecisionRow, 'id' | 'stream' | 'position' | 'occurredAt'>[];
}): { name: string; bundle: ProvBundle } {
  const { row, body, story, parents } = from;
  const bundle = new BundleBuilder();
  const at = [streamSlug(row.stream), row.position] as const;
  const decision = bundle.element('activity', decisionName(row), {
    'prov:type': 'cs:Decision',
    'prov:startTime': row.occurredAt,
    'cs:id': row.id,
    'cs:outcome': body.output.outcome.verdict,
    'cs:action': body.output.action.name,
  });

  const { agent, principal } = body.identity;
  const machine = bundle.element('agent', name('agent', agent.id, agent.version), {
    'prov:type': 'prov:SoftwareAgent',
    'prov:label': agent.name,
  });
  bundle.relate('wasAssociatedWith', { 'prov:activity': decision, 'prov:agent': machine });
  if (principal) {
    const person = bundle.element('agent', name('principal', principal.token), { 'cs:kind': principal.type });
    bundle.relate('actedOnBehalfOf', {
      'prov:delegate': machine,
      'prov:responsible': person,
      'prov:activity': decision,
    });
  }

  const use = (id: string, attributes: Record<string, string>) => {
    bundle.element('entity', id, attributes);
    bundle.relate('used', { 'prov:activity': decision, 'prov:entity': id });
  };
  const { prompt, policy, retrieval } = body.context;
  if (body.input)
    use(name('content', body.input.digest), {
      'prov:type': 'cs:Input',
      'cs:mediaType': body.input.media_type,
    });
  if (body.model) {
    const { provider, name: model, version } = body.model;
    use(name('model', provider, model, version), {
      'prov:type': 'cs:Model',
      'prov:label': `${model} ${version}`,
    });
  }
  if (prompt) use(name('prompt', prompt.digest), { 'prov:type': 'cs:Prompt', 'prov:label': prompt.template });
  if (policy)
    use(name('policy', policy.digest), {
      'prov:type': 'cs:Policy',
      'prov:label': `${policy.id} ${policy.version}`,
    });
  for (const item of retrieval?.items ?? [])
    use(name('content', item.digest), { 'prov:type': 'cs:Retrieved', 'prov:label': item.id });

  const claimed: string[] = [];
  for (const id of new Set(body.identity.parents)) {
    const earlier = parents.find((parent) => parent.id === id && parent.occurredAt < row.occurredAt);
    if (earlier) {
      const informant = bundle.element('activity', decisionName(earlier), { 'cs:id': id });
      bundle.relate('wasInformedBy', { 'prov:informed': decision, 'prov:informant': informant });
    } else claimed.push(id);
  }
  if (claimed.length > 0) bundle.element('activity', decision, { 'cs:claimedParent': claimed });

  const output = bundle.element('entity', name('output', ...at), {
    'prov:type': 'cs:ProposedAction',
    ...(body.output.payload ? { 'cs:digest': body.output.payload.digest } : {}),
    ...(body.output.action.action_digest ? { 'cs:actionDigest': body.output.action.action_digest } : {}),
  });
  bundle.relate('wasGeneratedBy', { 'prov:entity': output, 'prov:activity': decision });

  let last = decision;
  for (const { body: told, view } of story.reviews) {
    const { statement } = told;
    const review = bundle.element('activity', name('review', streamSlug(view.stream), view.position), {
      'prov:type': 'cs:Review',
      'prov:startTime': statement.opened_at,
      'prov:endTime': statement.decided_at,
      'cs:verdict': statement.verdict,
    });
    const reviewer = bundle.element('agent', name('person', statement.reviewer), {
      'prov:type': 'prov:Person',
      'cs:role': statement.role,
    });
    bundle.relate('wasInformedBy', { 'prov:informed': review, 'prov:informant': decision });
    bundle.relate('used', { 'prov:activity': review, 'prov:entity': output });
    bundle.relate('wasAssociatedWith', { 'prov:activity': review, 'prov:agent': reviewer });
    last = review;
  }
  let approval: string | null = null;
  for (const { body: told } of story.issued) {
    approval = bundle.element('entity', name('approval', told.approval_id), {
      'prov:type': 'cs:ApprovalToken',
    });
    bundle.relate('wasGeneratedBy', { 'prov:entity': approval, 'prov:activity': last });
  }
  const effects = [
    ...story.outcomes.map(({ body: told, view }) => ({
      id: name('execution', streamSlug(view.stream), view.position),
      state: told.state as string,
      at: view.occurredAt,
      downstream: told.downstream,
    })),
    ...(body.downstream.length > 0
      ? [{ id: name('effect', ...at), state: 'recorded', at: row.occurredAt, downstream: body.downstream }]
      : []),
  ];
  for (const effect of effects) {
    bundle.element('activity', effect.id, {
      'prov:type': 'cs:Execution',
      'prov:startTime': effect.at,
      'cs:state': effect.state,
    });
    bundle.relate('used', { 'prov:activity': effect.id, 'prov:entity': approval ?? output });
    for (const { system, type, id } of effect.downstream) {
      const thing = bundle.element('entity', name('external', system, type, id), {
        'prov:type': 'cs:Downstream',
      });
      bundle.relate('wasGeneratedBy', { 'prov:entity': thing, 'prov:activity': effect.id });
    }
  }
  return { name: name('bundle', ...at), bundle: bundle.told };
}
