import { utf8 } from '@/lib/core/bytes';
import { formatDigest, sha256 } from '@/lib/core/hash';
import { formatCanonicalJson, type JsonValue } from '@/lib/core/json';
import type { RecordView } from '@/lib/decisions/decision-detail';
import type { DecisionBody } from '@/lib/decisions/record-payload';
import { type DecisionStory, endingOf } from './decision-story';
import {
  attested,
  because,
  dim,
  type EvidenceValue,
  id,
  inferred,
  missing,
  node,
  text,
  type ValuePart,
} from './evidence-value';
import type { Reconstruction } from './reconstruct';

/** The value as one that another record than the decision's tells. */
function told(view: RecordView, value: EvidenceValue): EvidenceValue {
  return {
    ...value,
    source: { stream: view.stream, position: view.position, kind: view.kind, field: 'body' },
  };
}

/** Group 7: who was asked, what they said, and what became of their word. */
export function review({ body, story, detail }: Reconstruction): EvidenceValue[] {
  const asked = body.output.outcome.verdict === 'escalate' || body.review || story.submitted.length > 0;
  if (!asked)
    return [
      because(
        'The outcome is none that asks for a person.',
        inferred('Review', dim('no person was required')),
      ),
    ];
  const values: EvidenceValue[] = [];
  for (const { body: escalation, view } of story.submitted) {
    values.push(told(view, attested('Escalation', node(escalation.escalation_id, escalation.escalation_id))));
    const needed = escalation.quorum
      .map(({ role, count }) => `${count} ${role.replace('_', ' ')}`)
      .join(' and ');
    values.push(told(view, attested('Needed', text(needed))));
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
    values.push(
      because(
        'A second reviewer decides before seeing the first verdict.',
        inferred('Verdicts', dim('shown after you have decided on your own')),
      ),
    );
  values.push(...byGateway(body.review));
  for (const { body: said, view } of story.reviews)
    values.push(...reviewValues(said, detail).map((value) => told(view, value)));
  for (const { body: said, view } of story.ended) {
    if (said.state !== 'approved' && said.state !== 'denied')
      values.push(told(view, attested('Ended', text(said.state))));
  }
  for (const { body: said, payload: record, view } of story.issued) {
    const at = { kind: 'time', at: record.occurred_at } as const;
    values.push(
      told(view, attested('Approval', node(said.approval_id, said.approval_id), dim('issued'), at)),
    );
  }
  for (const { payload: record, view } of story.redeemed) {
    values.push(told(view, attested('Redeemed', { kind: 'time', at: record.occurred_at })));
  }
  for (const { payload: record, view } of story.revoked) {
    values.push(told(view, attested('Revoked', { kind: 'time', at: record.occurred_at })));
  }
  if (story.issued.length > 0 && story.redeemed.length === 0 && story.revoked.length === 0) {
    values.push(
      because(
        'No redemption has joined the approval.',
        missing('Redeemed', 'the approval has not been used'),
      ),
    );
  }
  return values;
}

function reviewValues(
  said: DecisionStory['reviews'][number]['body'],
  detail: Reconstruction['detail'],
): EvidenceValue[] {
  const { statement, statement_digest, method } = said;
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

/** What the gateway itself says of the review, beside the console's own records. */
function byGateway(said: DecisionBody['review']): EvidenceValue[] {
  if (!said) return [];
  const values: EvidenceValue[] = [];
  const who = said.reviewers.map((reviewer) => id(reviewer));
  if (said.verdict || who.length > 0)
    values.push(
      attested(
        'Verdict, as the gateway has it',
        ...(said.verdict ? [{ kind: 'verdict', verdict: said.verdict } as const] : []),
        ...(who.length > 0 ? [dim('by'), ...who] : []),
      ),
    );
  if (said.review_dwell_ms !== undefined)
    values.push(attested('Dwell, as the gateway has it', { kind: 'duration', ms: said.review_dwell_ms }));
  if (said.approval_id) values.push(attested('Carried out under', node(said.approval_id, said.approval_id)));
  return values;
}

/** What came later than this is told as late. */
const LATE_MS = 1_000;

/** Group 8: what the action created elsewhere, told at once or later; what came later says when it came. */
export function downstream({ body, story, detail }: Reconstruction): EvidenceValue[] {
  const values = body.downstream.map(({ system, type, id: thing }) =>
    attested(system, node(`ext:${system}:${type}:${thing}`, `${type} ${thing}`)),
  );
  for (const { body: said, payload: record, view } of story.outcomes) {
    values.push(
      told(
        view,
        attested('Execution', text(said.state.replaceAll('_', ' ')), {
          kind: 'time',
          at: record.occurred_at,
        }),
      ),
    );
    for (const { system, type, id: thing } of said.downstream) {
      values.push(told(view, attested(system, node(`ext:${system}:${type}:${thing}`, `${type} ${thing}`))));
    }
    values.push(arrival(view, detail.record ?? null));
  }
  if (values.length > 0) return values;
  const ending = endingOf(body.output.outcome.verdict, story);
  if (ending === 'allowed' || (ending === 'approved' && story.redeemed.length > 0)) {
    return [
      because(
        'It was to be carried out; neither the record nor a later one says what came of it.',
        missing('Execution', 'no outcome has been reported'),
      ),
    ];
  }
  return [
    because(
      'Follows from how it ended; no record says that nothing happened.',
      inferred('Execution', dim(`nothing, because the action was ${notDone(ending)}`)),
    ),
  ];
}

function arrival(view: RecordView, decision: RecordView | null): EvidenceValue {
  const lateMs = decision === null ? 0 : Date.parse(view.acceptedAt) - Date.parse(decision.acceptedAt);
  const parts: ValuePart[] = [{ kind: 'time', at: view.acceptedAt }];
  if (lateMs >= LATE_MS) parts.push({ kind: 'duration', ms: lateMs }, dim('after the decision'));
  return told(
    view,
    because(
      'This console’s clock when the record was accepted; no signature covers it.',
      inferred('Arrived', ...parts),
    ),
  );
}

function notDone(ending: string): string {
  if (ending === 'waiting') return 'not decided yet';
  if (ending === 'approved') return 'approved and not carried out yet';
  return ending === 'unknown' ? 'escalated and nothing more is known' : ending.replace('_', ' ');
}
