import type { RecordView } from '@/lib/decisions/decision-detail';
import type { DecisionBody } from '@/lib/decisions/record-payload';
import type { DecisionStory, Told } from './decision-story';
import { dim, id, text, type ValuePart } from './evidence-value';

export interface TimelineEvent {
  atMs: number;
  /** Since the decision, in milliseconds; negative before it. */
  sinceMs: number;
  title: string;
  parts: ValuePart[];
  record: Pick<RecordView, 'stream' | 'position'>;
}

/** From the decision to its effect, each event with the record that tells it. */
export function listTimeline(
  decision: { view: RecordView; occurredAt: string; body: DecisionBody },
  story: DecisionStory,
  people: readonly { id: string; name: string }[],
): TimelineEvent[] {
  const startMs = Date.parse(decision.occurredAt);
  const events: TimelineEvent[] = [];
  const add = (at: string, title: string, parts: ValuePart[], view: RecordView) =>
    events.push({ atMs: Date.parse(at), sinceMs: Date.parse(at) - startMs, title, parts, record: view });
  const each = <Body>(told: readonly Told<Body>[], title: string, parts: (body: Body) => ValuePart[]) => {
    for (const { payload, body, view } of told) add(payload.occurred_at, title, parts(body), view);
  };
  const { outcome, action } = decision.body.output;
  add(
    decision.occurredAt,
    'Decision',
    [
      { kind: 'outcome', verdict: outcome.verdict },
      text(action.name),
      ...(outcome.rule ? [dim(outcome.rule)] : []),
    ],
    decision.view,
  );
  each(story.submitted, 'A person is asked', (body) => [
    id(body.escalation_id),
    dim('until'),
    { kind: 'time', at: body.expires_at },
  ]);
  for (const { body, view } of story.reviews) {
    const { statement } = body;
    const person = people.find(({ id: known }) => known === statement.reviewer);
    const who = person ? text(person.name) : id(statement.reviewer);
    add(statement.opened_at, 'Evidence opened', [dim('by'), who], view);
    add(
      statement.decided_at,
      'Verdict',
      [
        { kind: 'verdict', verdict: statement.verdict },
        dim('by'),
        who,
        dim('after'),
        { kind: 'duration', ms: statement.active_ms },
        dim('active'),
      ],
      view,
    );
  }
  each(story.ended, 'Escalation ended', (body) => [text(body.state)]);
  each(story.issued, 'Approval issued', (body) => [
    id(body.approval_id),
    dim('until'),
    { kind: 'time', at: body.expires_at },
  ]);
  each(story.redeemed, 'Approval redeemed', (body) => [dim('by'), text(body.gateway)]);
  each(story.revoked, 'Approval revoked', (body) => [text(body.reason_code)]);
  each(story.outcomes, 'Outcome reported', (body) => [
    text(body.state.replaceAll('_', ' ')),
    ...body.downstream.flatMap(({ system, type, id: thing }) => [dim(system), text(`${type} ${thing}`)]),
  ]);
  return events
    .map((event, at) => ({ event, at }))
    .sort((a, b) => a.event.atMs - b.event.atMs || a.at - b.at)
    .map(({ event }) => event);
}
