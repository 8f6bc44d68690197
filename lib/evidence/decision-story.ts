/**
 * What happened after a decision, told by the records that joined it: the escalation, the reviews, the approval, its
 * redemption and the outcome. Bodies of other shapes than expected are left out of the story, never guessed at.
 */

import type { z } from 'zod';
import type { RecordView } from '@/lib/decisions/decision-detail';
import { readRecord } from '@/lib/decisions/read-record';
import { actionOutcomeBody, type RecordPayload } from '@/lib/decisions/record-payload';
import {
  approvalIssuedBody,
  approvalRedeemedBody,
  approvalRevokedBody,
  escalationEndedBody,
  escalationSubmittedBody,
  passkeyAddedBody,
  passkeyRetiredBody,
  reviewBody,
} from '@/lib/escalations/record-bodies';

/** A joined record with its body as the schema of its kind returned it. */
export interface Told<Body> {
  view: RecordView;
  payload: RecordPayload;
  body: Body;
}

/** An outcome that the console recorded may know only the approval. */
const outcomeBody = actionOutcomeBody.partial({ decision_id: true });

export interface DecisionStory {
  submitted: Told<z.infer<typeof escalationSubmittedBody>>[];
  ended: Told<z.infer<typeof escalationEndedBody>>[];
  reviews: Told<z.infer<typeof reviewBody>>[];
  issued: Told<z.infer<typeof approvalIssuedBody>>[];
  redeemed: Told<z.infer<typeof approvalRedeemedBody>>[];
  revoked: Told<z.infer<typeof approvalRevokedBody>>[];
  outcomes: Told<z.infer<typeof outcomeBody>>[];
  /** Registrations and ends of the passkeys that signed the reviews. */
  passkeys: Told<z.infer<typeof passkeyAddedBody>>[];
  passkeyEnds: Told<z.infer<typeof passkeyRetiredBody>>[];
  /** Joined records that cannot be read at all. */
  unreadable: RecordView[];
}

/** Sorts the joined records by what they tell. */
export function tellStory(related: readonly RecordView[]): DecisionStory {
  const story: DecisionStory = {
    submitted: [],
    ended: [],
    reviews: [],
    issued: [],
    redeemed: [],
    revoked: [],
    outcomes: [],
    passkeys: [],
    passkeyEnds: [],
    unreadable: [],
  };
  for (const view of related) {
    const record = readRecord(view);
    if (!record.ok) {
      story.unreadable.push(view);
      continue;
    }
    const { payload } = record.value;
    const told = <S extends z.ZodType>(schema: S, list: Told<z.infer<S>>[]) => {
      const body = schema.safeParse(payload.body);
      if (body.success) list.push({ view, payload, body: body.data });
      return body.success;
    };
    if (payload.kind === 'escalation') {
      if (!told(escalationSubmittedBody, story.submitted)) told(escalationEndedBody, story.ended);
    } else if (payload.kind === 'review') told(reviewBody, story.reviews);
    else if (payload.kind === 'approval.issued') told(approvalIssuedBody, story.issued);
    else if (payload.kind === 'approval.redeemed') told(approvalRedeemedBody, story.redeemed);
    else if (payload.kind === 'approval.revoked') told(approvalRevokedBody, story.revoked);
    else if (payload.kind === 'action.outcome') told(outcomeBody, story.outcomes);
    else if (payload.kind === 'key.added') told(passkeyAddedBody, story.passkeys);
    else if (payload.kind === 'key.retired') told(passkeyRetiredBody, story.passkeyEnds);
  }
  return story;
}

export type Ending =
  | 'allowed'
  | 'refused'
  | 'deferred'
  | 'waiting'
  | 'approved'
  | 'denied'
  | 'expired'
  | 'cancelled'
  | 'superseded'
  | 'revoked'
  | 'executed'
  | 'failed'
  | 'not_executed'
  | 'unknown';

/** How it ended, as far as the records tell: for an escalated action the last thing that is known of it. */
export function endingOf(verdict: string, story: DecisionStory): Ending {
  const outcome = story.outcomes.at(-1)?.body.state;
  if (verdict === 'refuse') return 'refused';
  if (verdict === 'defer') return 'deferred';
  if (outcome)
    return ({ forwarded: 'executed', upstream_error: 'failed', not_forwarded: 'not_executed' } as const)[
      outcome
    ];
  if (verdict === 'allow') return 'allowed';
  // A denial ends an escalation by itself: the review record is all that tells of it.
  if (story.reviews.some(({ body }) => body.statement.verdict === 'deny')) return 'denied';
  if (story.revoked.length > 0 && story.redeemed.length === 0) return 'revoked';
  if (story.issued.length > 0) return 'approved';
  const state = story.ended.at(-1)?.body.state;
  if (state) return state;
  return story.submitted.length > 0 ? 'waiting' : 'unknown';
}
