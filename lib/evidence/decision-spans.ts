import type { RecordView } from '@/lib/decisions/decision-detail';
import type { DecisionStory } from './decision-story';

/** One stretch between two things that records tell: who or what was waited for, or reading. */
export interface DecisionSpan {
  label: string;
  kind: 'waiting' | 'reading' | 'machine';
  fromMs: number;
  toMs: number;
  /** Of reading: how much of it was active, as the console measured it. */
  activeMs: number | null;
}

/** From the request to its effect and to the day it was known here, stretch by stretch; what is not told has none. */
export function listSpans(decidedAt: string, view: RecordView, story: DecisionStory): DecisionSpan[] {
  const decidedMs = Date.parse(decidedAt);
  const spans: DecisionSpan[] = [];
  const add = (
    label: string,
    kind: DecisionSpan['kind'],
    fromMs: number,
    toMs: number,
    activeMs: number | null = null,
  ) => {
    // Clocks of different machines: a stretch that would run backwards says nothing.
    if (toMs >= fromMs) spans.push({ label, kind, fromMs, toMs, activeMs });
  };
  const asked = story.submitted[0];
  const askedMs = asked ? Date.parse(asked.payload.occurred_at) : null;
  if (askedMs !== null) add('until a person was asked', 'machine', decidedMs, askedMs);
  for (const { body } of story.reviews) {
    const { opened_at, decided_at, active_ms } = body.statement;
    const [openedMs, verdictMs] = [Date.parse(opened_at), Date.parse(decided_at)];
    if (askedMs !== null) add('until somebody opened it', 'waiting', askedMs, openedMs);
    add('reading, until the verdict', 'reading', openedMs, verdictMs, active_ms);
  }
  const issued = story.issued.at(-1);
  const [redeemed] = story.redeemed;
  const beganMs = redeemed ? Date.parse(redeemed.payload.occurred_at) : askedMs === null ? decidedMs : null;
  if (issued && redeemed)
    add(
      'until the approval was used',
      'machine',
      Date.parse(issued.payload.occurred_at),
      Date.parse(redeemed.payload.occurred_at),
    );
  for (const { payload, view: outcome } of story.outcomes) {
    const toldMs = Date.parse(payload.occurred_at);
    if (beganMs !== null) add('until its effect', 'machine', beganMs, toldMs);
    add('until the effect was known here', 'waiting', toldMs, Date.parse(outcome.acceptedAt));
  }
  add('until the decision was known here', 'machine', decidedMs, Date.parse(view.acceptedAt));
  return spans.sort((a, b) => a.fromMs - b.fromMs || a.toMs - b.toMs);
}
