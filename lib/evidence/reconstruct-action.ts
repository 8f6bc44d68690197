import type { DecisionBody } from '@/lib/decisions/record-payload';
import { describeOrigin } from './check-origin';
import {
  attested,
  because,
  dim,
  type EvidenceValue,
  id,
  inferred,
  missing,
  node,
  strong,
  text,
  trace,
  type ValuePart,
} from './evidence-value';
import type { Reconstruction } from './reconstruct';

/** Group 1: who decided, for whom, in which run, following what. */
export function identity({ body, producer, detail }: Reconstruction): EvidenceValue[] {
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
  if (subjects.length === 0) values.push(missing('Subject', 'no subject was recorded'));
  values.push(session_id ? attested('Session', id(session_id)) : missing('Session', 'none was recorded'));
  values.push(run_id ? attested('Run', id(run_id)) : missing('Run', 'none was recorded'));
  if (trace_id)
    values.push(attested('Trace', trace(trace_id), ...(span_id ? [dim('span'), id(span_id)] : [])));
  else values.push(missing('Trace', 'no trace id was recorded'));
  if (body.origin) {
    const { span, service } = body.origin;
    values.push(
      because(
        `${producer} signed what it received; what the source decided can be checked nowhere.`,
        attested(
          'Origin',
          text(describeOrigin(body.origin, producer)),
          ...(service ? [dim('service'), text(service)] : []),
          ...(span ? [dim('span'), id(span.span_id), dim('of trace'), trace(span.trace_id)] : []),
        ),
      ),
    );
  }
  for (const parent of parents) {
    const known = detail.parents.find((row) => row.id === parent);
    const value = attested('Parent', node(parent, known ? `${known.agent} ${known.tool}` : parent));
    values.push(
      known
        ? because(`The id is signed; the name is that of record ${known.position} of ${known.stream}.`, value)
        : because('The id is signed; its record is not in this console.', value),
    );
  }
  if (parents.length === 0)
    values.push(
      because(
        'The signed list of parents is empty.',
        inferred('Parent', dim('it continues no other decision')),
      ),
    );
  return values;
}

/** Group 2, and the payload of group 6: what a digest was made of, and whether it is held. */
export function payload(
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
  if (ref.ref !== undefined) values.push(attested(`${label} reference`, id(ref.ref)));
  values.push(
    kept
      ? because(
          'This console’s payload store says so; no record does.',
          inferred('Held here', text('encrypted, until'), { kind: 'time', at: kept.expiresAt }),
        )
      : because(
          ref.ref === undefined
            ? 'The record names no reference under which it could be kept here.'
            : 'Its time has passed, it was erased, or it never arrived. The digest still proves what it was.',
          missing('Held here', 'the content is not in this console'),
        ),
  );
  return values;
}

/** Group 6: what was proposed, what was answered and by whom. */
export function output(from: Reconstruction): EvidenceValue[] {
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
  );
  if (outcome.evaluation_id) values.push(attested('Evaluation', id(outcome.evaluation_id)));
  values.push(
    ...budgets.map(({ name, window, used, limit, unit }) =>
      attested('Budget', measure(used, unit), dim('of'), measure(limit, unit), dim(`${name}, in`), {
        kind: 'window',
        window,
      }),
    ),
    ...payload('Output', made, from),
  );
  return values;
}

/** Money where the unit is a currency's code, otherwise the number and its unit. */
function measure(value: string, unit: string): ValuePart {
  return /^[A-Z]{3}$/.test(unit)
    ? { kind: 'amount', amount: value, currency: unit }
    : text(unit === '' ? value : `${value} ${unit}`);
}
