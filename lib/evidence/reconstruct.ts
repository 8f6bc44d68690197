/**
 * The eight field groups of a decision (formats.md §3), each value with who vouches for it: *attested* stands in signed
 * bytes, *re-hashed* was digested here from content this browser holds, *inferred* follows from something else, and
 * *missing* should be there and is not. Nothing is left out for being empty: an absent group says so.
 */
import { utf8 } from '@/lib/core/bytes';
import {
  blake2b512,
  type DigestAlgorithm,
  formatDigest,
  parseDigest,
  sha3_512,
  sha256,
} from '@/lib/core/hash';
import { formatCanonicalJson, type JsonValue } from '@/lib/core/json';
import type { DecisionDetail, VersionView } from '@/lib/decisions/decision-detail';
import type { DecisionBody } from '@/lib/decisions/record-payload';
import { type DecisionStory, endingOf } from './decision-story';
import {
  attested,
  dim,
  type EvidenceGroup,
  type EvidenceValue,
  id,
  inferred,
  missing,
  node,
  strong,
  text,
  type ValuePart,
} from './evidence-value';

const HASHES: Record<DigestAlgorithm, (bytes: Uint8Array) => Uint8Array> = {
  'sha-256': sha256,
  'sha3-512': sha3_512,
  'blake2b-512': blake2b512,
};

export interface Reconstruction {
  producer: string;
  body: DecisionBody;
  story: DecisionStory;
  detail: Pick<DecisionDetail, 'versions' | 'payloads' | 'parents' | 'people' | 'reviewsWithheld'>;
}

export function reconstruct(from: Reconstruction): EvidenceGroup[] {
  return [
    { key: 'identity', title: 'Identity', values: identity(from) },
    { key: 'input', title: 'Input', values: payload('Payload', from.body.input, from) },
    { key: 'model', title: 'Model', values: model(from) },
    { key: 'context', title: 'Context', values: context(from) },
    { key: 'guardrails', title: 'Guardrails', values: guardrails(from) },
    { key: 'output', title: 'Output and action', values: output(from) },
    { key: 'review', title: 'Review', values: review(from) },
    { key: 'downstream', title: 'Downstream', values: downstream(from) },
  ];
}

function identity({ body, producer, detail }: Reconstruction): EvidenceValue[] {
  const { agent, principal, session_id, run_id, trace_id, span_id, parents, subjects } = body.identity;
  const values = [
    attested(
      'Agent',
      strong(agent.name),
      dim(agent.version),
      ...(agent.runtime ? [dim('on'), text(agent.runtime)] : []),
    ),
    attested('Agent id', id(agent.id)),
    attested('Producer', id(producer)),
    principal
      ? attested('For', text(principal.type), id(principal.token))
      : missing('For', 'no principal was recorded'),
    ...subjects.map(({ type, token }) => attested('Subject', text(type), id(token))),
  ];
  if (session_id) values.push(attested('Session', id(session_id)));
  if (run_id) values.push(attested('Run', id(run_id)));
  if (trace_id) values.push(attested('Trace', id(trace_id), ...(span_id ? [dim('span'), id(span_id)] : [])));
  else values.push(missing('Trace', 'no trace id was recorded'));
  for (const parent of parents) {
    const known = detail.parents.find((row) => row.id === parent);
    values.push(attested('Parent', node(parent, known ? `${known.agent} ${known.tool}` : parent)));
  }
  return values;
}

function payload(
  label: string,
  ref: DecisionBody['input'],
  { detail }: Pick<Reconstruction, 'detail'>,
): EvidenceValue[] {
  if (!ref) return [missing(label, 'none was recorded')];
  const kept = ref.ref === undefined ? undefined : detail.payloads.find((held) => held.ref === ref.ref);
  const values = [
    attested(label, text(ref.media_type), dim(`${ref.byte_count.toLocaleString('en')} bytes`)),
    attested(`${label} digest`, node(ref.digest, ref.digest)),
  ];
  values.push(
    kept
      ? inferred('Held here', text('encrypted, until'), { kind: 'time', at: kept.expiresAt })
      : missing('Held here', 'the content is not in this console'),
  );
  return values;
}

function model({ body }: Reconstruction): EvidenceValue[] {
  if (!body.model) return [missing('Model', 'no model was recorded')];
  const { provider, name, version, parameters } = body.model;
  const set = Object.entries(parameters);
  return [
    attested('Model', node(`model:${provider}/${name}@${version}`, name), dim('by'), text(provider)),
    attested('Version', text(version)),
    set.length > 0
      ? attested('Parameters', text(set.map(([key, value]) => `${key} ${value}`).join(', ')))
      : missing('Parameters', 'none were recorded'),
  ];
}

/** Digests content held here and compares: the same is re-hashed, different is a finding, absent stays attested. */
function rehash(value: EvidenceValue, digest: string, version: VersionView | undefined): EvidenceValue {
  const expected = parseDigest(digest);
  if (!expected.ok || version?.content == null) return value;
  const computed = formatDigest(expected.value.alg, HASHES[expected.value.alg](utf8(version.content)));
  return computed === digest
    ? { ...value, evidence: 'rehashed' }
    : { ...value, mismatch: { expected: digest, computed } };
}

function context({ body, detail }: Reconstruction): EvidenceValue[] {
  const { prompt, retrieval, policy, routing } = body.context;
  const versionOf = (digest: string) => detail.versions.find((version) => version.digest === digest);
  const values: EvidenceValue[] = [];
  if (prompt) {
    const shown = attested('Prompt', node(prompt.digest, prompt.template), dim(prompt.version));
    values.push(rehash(shown, prompt.digest, versionOf(prompt.digest)));
  } else values.push(missing('Prompt', 'no prompt template was recorded'));
  if (retrieval) {
    const { index, version, items } = retrieval;
    values.push(attested('Index', node(`index:${index}@${version}`, index), dim(version)));
    for (const item of items) {
      const score: ValuePart[] = item.score === undefined ? [] : [dim('score'), text(item.score)];
      values.push(attested('Retrieved', node(item.digest, item.id), ...score));
    }
    if (items.length === 0) values.push(attested('Retrieved', text('nothing was found')));
  } else values.push(inferred('Retrieval', dim('none is recorded')));
  if (policy) {
    const shown = attested('Policy', node(policy.digest, policy.id), dim(`v${policy.version}`));
    values.push(rehash(shown, policy.digest, versionOf(policy.digest)));
  } else values.push(missing('Policy', 'no policy was recorded'));
  if (routing) values.push(attested('Routing', text(routing)));
  return values;
}

function guardrails({ body }: Reconstruction): EvidenceValue[] {
  if (body.guardrails.length === 0) return [missing('Guardrails', 'no result was recorded')];
  return body.guardrails.map(({ name, version, verdict, score, threshold }) =>
    attested(
      name,
      { kind: 'guardrail', verdict },
      ...(score === undefined ? [] : [text(score)]),
      ...(threshold === undefined ? [] : [dim('threshold'), text(threshold)]),
      dim(`version ${version}`),
    ),
  );
}

function output(from: Reconstruction): EvidenceValue[] {
  const { action, outcome, budgets, payload: made } = from.body.output;
  const values = [
    attested(
      'Action',
      strong(action.name),
      ...(action.resource ? [text(action.resource.type), id(action.resource.id)] : []),
    ),
  ];
  if (action.value) values.push(attested('Value', { kind: 'amount', ...action.value }));
  values.push(
    action.action_digest
      ? attested('Action digest', id(action.action_digest))
      : missing('Action digest', 'none was recorded'),
    attested(
      'Outcome',
      { kind: 'outcome', verdict: outcome.verdict },
      ...(outcome.control ? [dim('by'), text(outcome.control)] : []),
      ...(outcome.rule ? [text(outcome.rule)] : []),
    ),
    attested('Reason', text(outcome.reason_code)),
    attested('Spoken by', text(outcome.source)),
    attested('Tier', { kind: 'tier', tier: action.tier }),
    ...budgets.map(({ name, window, used, limit, unit }) =>
      attested('Budget', text(`${used} of ${limit} ${unit}`), dim(`${name}, ${window}`)),
    ),
    ...payload('Output', made, from),
  );
  return values;
}

function review({ body, story, detail }: Reconstruction): EvidenceValue[] {
  const asked = body.output.outcome.verdict === 'escalate' || body.review || story.submitted.length > 0;
  if (!asked) return [inferred('Review', dim('no person was required'))];
  const values: EvidenceValue[] = [];
  for (const { body: escalation } of story.submitted) {
    values.push(attested('Escalation', node(escalation.escalation_id, escalation.escalation_id)));
    const needed = escalation.quorum
      .map(({ role, count }) => `${count} ${role.replace('_', ' ')}`)
      .join(' and ');
    values.push(attested('Needed', text(needed)));
  }
  if (story.submitted.length === 0) {
    const named = body.review?.escalation_id;
    values.push(
      named
        ? attested('Escalation', node(named, named), dim('no record of it here'))
        : missing('Escalation', 'escalated, but no request for a person has joined'),
    );
  }
  if (detail.reviewsWithheld)
    values.push(inferred('Verdicts', dim('shown after you have decided on your own')));
  for (const { body: told } of story.reviews) values.push(...reviewValues(told, detail));
  for (const { body: told } of story.ended) {
    if (told.state !== 'approved' && told.state !== 'denied')
      values.push(attested('Ended', text(told.state)));
  }
  for (const { body: told, payload: record } of story.issued) {
    values.push(
      attested('Approval', node(told.approval_id, told.approval_id), dim('issued'), {
        kind: 'time',
        at: record.occurred_at,
      }),
    );
  }
  for (const { payload: record } of story.redeemed) {
    values.push(attested('Redeemed', { kind: 'time', at: record.occurred_at }));
  }
  for (const { payload: record } of story.revoked) {
    values.push(attested('Revoked', { kind: 'time', at: record.occurred_at }));
  }
  if (story.issued.length > 0 && story.redeemed.length === 0 && story.revoked.length === 0) {
    values.push(missing('Redeemed', 'the approval has not been used'));
  }
  return values;
}

function reviewValues(
  told: DecisionStory['reviews'][number]['body'],
  detail: Reconstruction['detail'],
): EvidenceValue[] {
  const { statement, statement_digest, method } = told;
  const computed = formatDigest(
    'sha-256',
    sha256(utf8(formatCanonicalJson(statement as unknown as JsonValue))),
  );
  const same = computed === statement_digest;
  const person = detail.people.find(({ id: known }) => known === statement.reviewer);
  const shown = (label: string, ...parts: ValuePart[]): EvidenceValue => ({
    label,
    evidence: same ? 'rehashed' : 'attested',
    parts,
    ...(same ? {} : { mismatch: { expected: statement_digest, computed } }),
  });
  return [
    shown(
      'Verdict',
      { kind: 'verdict', verdict: statement.verdict },
      dim('by'),
      person ? text(person.name) : id(statement.reviewer),
      dim(`${statement.role.replace('_', ' ')}, ${method}`),
    ),
    shown('Reason', text(statement.reason_code)),
    shown(
      'Dwell',
      { kind: 'duration', ms: statement.active_ms },
      dim('active of'),
      { kind: 'duration', ms: statement.review_dwell_ms },
      dim('open'),
    ),
  ];
}

function downstream({ body, story }: Reconstruction): EvidenceValue[] {
  const values = body.downstream.map(({ system, type, id: thing }) =>
    attested(system, node(`ext:${system}:${type}:${thing}`, `${type} ${thing}`)),
  );
  for (const { body: told, payload: record } of story.outcomes) {
    values.push(
      attested('Execution', text(told.state.replaceAll('_', ' ')), { kind: 'time', at: record.occurred_at }),
    );
    for (const { system, type, id: thing } of told.downstream) {
      values.push(attested(system, node(`ext:${system}:${type}:${thing}`, `${type} ${thing}`)));
    }
  }
  if (values.length > 0) return values;
  const ending = endingOf(body.output.outcome.verdict, story);
  if (ending === 'allowed' || (ending === 'approved' && story.redeemed.length > 0)) {
    return [missing('Execution', 'no outcome has been reported')];
  }
  return [inferred('Execution', dim(`nothing, because the action was ${notDone(ending)}`))];
}

function notDone(ending: string): string {
  if (ending === 'waiting') return 'not decided yet';
  if (ending === 'approved') return 'approved and not carried out yet';
  return ending === 'unknown' ? 'escalated and nothing more is known' : ending.replace('_', ' ');
}
