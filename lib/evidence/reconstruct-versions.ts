import { utf8 } from '@/lib/core/bytes';
import { recomputeDigest } from '@/lib/core/recompute-digest';
import type { VersionInForce, VersionView } from '@/lib/decisions/decision-detail';
import { CHANGE_TARGETS } from '@/lib/producers/version-history';
import {
  attested,
  because,
  dim,
  type EvidenceValue,
  inferred,
  missing,
  node,
  text,
  type ValuePart,
} from './evidence-value';
import { type NamedVersion, namedVersions } from './named-versions';
import type { Reconstruction } from './reconstruct';

/** Group 3. */
export function model(from: Reconstruction): EvidenceValue[] {
  const { body } = from;
  if (!body.model) return [missing('Model', 'no model was recorded')];
  const { provider, name, version, parameters } = body.model;
  const set = Object.entries(parameters);
  const named = find(from, 'model');
  return [
    withVersion(
      from,
      named,
      attested('Model', node(`model:${provider}/${name}@${version}`, name), dim('by'), text(provider)),
    ),
    attested('Version', text(version)),
    ...registered(from, named),
    set.length > 0
      ? attested('Parameters', text(set.map(([key, value]) => `${key} ${value}`).join(', ')))
      : missing('Parameters', 'none were recorded'),
    ...otherInForce(from, named),
  ];
}

/** Group 4. */
export function context(from: Reconstruction): EvidenceValue[] {
  const { prompt, retrieval, policy, routing } = from.body.context;
  const values: EvidenceValue[] = [];
  if (prompt) {
    const named = find(from, 'prompt');
    values.push(
      withVersion(from, named, attested('Prompt', node(prompt.digest, prompt.template), dim(prompt.version))),
      ...otherInForce(from, named),
    );
  } else values.push(missing('Prompt', 'no prompt template was recorded'));
  if (retrieval) {
    const { index, version, items } = retrieval;
    const named = find(from, 'index');
    values.push(
      withVersion(from, named, attested('Index', node(`index:${index}@${version}`, index), dim(version))),
      ...registered(from, named),
      ...otherInForce(from, named),
    );
    for (const item of items) {
      const score: ValuePart[] = item.score === undefined ? [] : [dim('score'), text(item.score)];
      values.push(attested('Retrieved', node(item.digest, item.id), ...score));
    }
    if (items.length === 0) values.push(attested('Retrieved', text('nothing was found')));
  } else
    values.push(
      because('The signed record has no retrieval member.', inferred('Retrieval', dim('none is recorded'))),
    );
  if (policy) {
    const named = find(from, 'policy');
    values.push(
      withVersion(from, named, attested('Policy', node(policy.digest, policy.id), dim(`v${policy.version}`))),
      ...otherInForce(from, named),
    );
  } else values.push(missing('Policy', 'no policy was recorded'));
  values.push(routing ? attested('Routing', text(routing)) : missing('Routing', 'none was recorded'));
  for (const change of from.detail.inForce.filter(({ target }) => target === 'routing')) {
    if (routing === undefined || !routing.includes(change.version))
      values.push(
        inForceValue('Routing by time', change, 'The record does not say which routing it ran under.'),
      );
  }
  return values;
}

/** Group 5: what each guardrail said of this request, and which were in force without a word. */
export function guardrails(from: Reconstruction): EvidenceValue[] {
  const { guardrails: results } = from.body;
  const values = results.flatMap(({ name, version, verdict, score, threshold }) => {
    const named = find(from, 'guardrail', name);
    return [
      withVersion(
        from,
        named,
        attested(
          name,
          { kind: 'guardrail', verdict },
          ...(score === undefined ? [] : [text(score)]),
          ...(threshold === undefined ? [] : [dim('threshold'), text(threshold)]),
          dim(`version ${version}`),
        ),
      ),
      ...registered(from, named),
      ...otherInForce(from, named),
    ];
  });
  if (results.length === 0) values.push(missing('Guardrails', 'no result was recorded'));
  const silent = from.detail.inForce.filter(
    ({ target, name }) => target === 'guardrail' && !results.some((result) => result.name === name),
  );
  for (const change of silent)
    values.push(inForceValue(change.name, change, 'It was in force by time; no result of it is recorded.'));
  return values;
}

function find(from: Reconstruction, kind: NamedVersion['kind'], name?: string): NamedVersion | undefined {
  return namedVersions(from.body).find(
    (each) => each.kind === kind && (name === undefined || each.name === name),
  );
}

const sourceOf = ({ stream, position }: { stream: string; position: number }, kind: string) => ({
  stream,
  position,
  kind,
  field: 'body',
});

/** Digests the content that the record's own digest names: equal is re-hashed, different a finding, absent stays attested. */
function withVersion(
  from: Reconstruction,
  named: NamedVersion | undefined,
  value: EvidenceValue,
): EvidenceValue {
  if (!named) return value;
  const { kind, name, version, digest } = named;
  const shown = { ...value, version: { kind, name, version, digest } };
  if (digest === null) return shown;
  const held = from.detail.versions.find((each) => each.digest === digest);
  if (held?.content == null)
    return because('Stands in signed bytes. Of its content only the digest is known on this page.', shown);
  const computed = recomputeDigest(digest, utf8(held.content));
  if (computed === null) return shown;
  return computed === digest
    ? { ...shown, evidence: 'rehashed' }
    : { ...shown, mismatch: { expected: digest, computed } };
}

/** Content registered under the very name and version, where the record itself names no digest. */
function registered(from: Reconstruction, named: NamedVersion | undefined): EvidenceValue[] {
  if (!named || named.digest !== null) return [];
  const { kind, name, version } = named;
  const fits = (each: VersionView) =>
    each.kind === kind && each.name === name && each.version === version && each.registered;
  return from.detail.versions.filter(fits).map((held) => {
    const by = held.registered as NonNullable<VersionView['registered']>;
    const computed = held.content === null ? held.digest : recomputeDigest(held.digest, utf8(held.content));
    return {
      ...because(
        `Registered under this name and version by ${by.producer}; the decision names no digest, so nothing ties it to these bytes.`,
        inferred('Content', node(held.digest, held.digest), dim('registered'), { kind: 'time', at: by.at }),
      ),
      source: sourceOf(by, 'version.registered'),
      version: { kind, name, version, digest: held.digest },
      ...(computed === held.digest || computed === null
        ? {}
        : { mismatch: { expected: held.digest, computed } }),
    };
  });
}

/** The version that the last change before the decision put in force, where the decision names another one. */
function otherInForce(from: Reconstruction, named: NamedVersion | undefined): EvidenceValue[] {
  if (!named) return [];
  const target = CHANGE_TARGETS[named.kind];
  return from.detail.inForce
    .filter(
      (change) =>
        change.target === target &&
        (change.name === named.name || change.name === named.otherName) &&
        change.version !== named.version,
    )
    .map((change) =>
      inForceValue(
        'By time',
        change,
        `By time another version was in force; the decision names ${named.version}.`,
      ),
    );
}

function inForceValue(label: string, change: VersionInForce, why: string): EvidenceValue {
  return {
    ...because(
      why,
      inferred(label, text(`${change.name} ${change.version}`), dim('in force since'), {
        kind: 'time',
        at: change.since,
      }),
    ),
    source: sourceOf(change, 'change'),
  };
}
