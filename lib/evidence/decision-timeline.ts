import type { RecordView } from '@/lib/decisions/decision-detail';
import type { DecisionRow } from '@/lib/decisions/decision-view';
import type { DecisionBody } from '@/lib/decisions/record-payload';
import type { DecisionStory, Told } from './decision-story';
import { dim, id, text, trace, type ValuePart } from './evidence-value';

export interface TimelineEvent {
  atMs: number;
  /** Since the decision, in milliseconds; negative before it. */
  sinceMs: number;
  title: string;
  parts: ValuePart[];
  /** How much later its record was accepted here; null when at once. */
  lateMs: number | null;
  record: Pick<RecordView, 'stream' | 'position'>;
}

/** What came later than this after it happened is said to have come late. */
const LATE_MS = 10_000;

/** From the decision to its effect, each event with the record that tells it. */
export function listTimeline(
  decision: { view: RecordView; occurredAt: string; body: DecisionBody },
  story: DecisionStory,
  people: readonly { id: string; name: string }[],
  parents: readonly DecisionRow[] = [],
): TimelineEvent[] {
  const startMs = Date.parse(decision.occurredAt);
  const events: TimelineEvent[] = [];
  const add = (at: string, title: string, parts: ValuePart[], view: RecordView) =>
    events.push({
      atMs: Date.parse(at),
      sinceMs: Date.parse(at) - startMs,
      title,
      parts,
      lateMs: lateness(at, view),
      record: view,
    });
  const each = <Body>(told: readonly Told<Body>[], title: string, parts: (body: Body) => ValuePart[]) => {
    for (const { payload, body, view } of told) add(payload.occurred_at, title, parts(body), view);
  };
  for (const { id: parent, occurredAt, agent, tool, verdict, stream, position } of parents)
    events.push({
      atMs: Date.parse(occurredAt),
      sinceMs: Date.parse(occurredAt) - startMs,
      title: 'Earlier decision that it continues',
      parts: [
        { kind: 'outcome', verdict },
        { kind: 'node', node: parent, label: `${agent} ${tool}` },
      ],
      lateMs: null,
      record: { stream, position },
    });
  const { outcome, action } = decision.body.output;
  const traceId = decision.body.identity.trace_id;
  add(
    decision.occurredAt,
    'Decision',
    [
      { kind: 'outcome', verdict: outcome.verdict },
      text(action.name),
      ...(outcome.rule ? [dim(outcome.rule)] : []),
      ...(traceId === undefined ? [] : [dim('trace'), trace(traceId)]),
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

function lateness(at: string, { acceptedAt }: RecordView): number | null {
  const lateMs = Date.parse(acceptedAt) - Date.parse(at);
  return lateMs >= LATE_MS ? lateMs : null;
}
