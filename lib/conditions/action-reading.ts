import type { z } from 'zod';
import type { Result } from '@/lib/core/result';
import type { ReadRecord } from '@/lib/decisions/read-record';
import { type DecisionBody, decisionBody, type RecordPayload } from '@/lib/decisions/record-payload';
import { escalationSubmittedBody } from '@/lib/escalations/record-bodies';
import type { ActionEvidence, StoredRecord } from './action-evidence';
import { type AuthorFault, type ChainFault, checkAuthor, checkPlace } from './check-stored-record';
import { type ConditionCode, type FoundCondition, formatScope } from './condition';

/** The evidence with each of its records read and verified once. */
export interface ActionReading {
  evidence: ActionEvidence;
  placed: (record: StoredRecord) => Result<true, ChainFault>;
  author: (record: StoredRecord) => Result<ReadRecord, AuthorFault>;
  /** The payload of a record whose author is certain; null otherwise, which other checks tell. */
  payload: (record: StoredRecord | null) => RecordPayload | null;
  decision: { id: string; body: DecisionBody } | null;
  submitted: z.infer<typeof escalationSubmittedBody> | null;
  /** A condition of this action as a whole. */
  fault: (code: ConditionCode, detail: string) => FoundCondition;
}

export function readAction(evidence: ActionEvidence): ActionReading {
  const places = new Map<StoredRecord, Result<true, ChainFault>>();
  const authors = new Map<StoredRecord, Result<ReadRecord, AuthorFault>>();
  const placed = (record: StoredRecord) => {
    const known = places.get(record) ?? checkPlace(record);
    places.set(record, known);
    return known;
  };
  const author = (record: StoredRecord) => {
    const known =
      authors.get(record) ?? checkAuthor(record, evidence.producers.get(record.stream), evidence.keys);
    authors.set(record, known);
    return known;
  };
  const payload = (record: StoredRecord | null) => {
    const read = record ? author(record) : null;
    return read?.ok ? read.value.payload : null;
  };
  const decided = payload(evidence.decision);
  const body = decided?.kind === 'decision' ? decisionBody.safeParse(decided.body) : null;
  const submitted = escalationSubmittedBody.safeParse(payload(evidence.submitted)?.body);
  const scope = formatScope({ kind: 'escalation', id: evidence.escalation.id });
  return {
    evidence,
    placed,
    author,
    payload,
    decision: decided && body?.success ? { id: decided.id, body: body.data } : null,
    submitted: submitted.success ? submitted.data : null,
    fault: (code, detail) => ({ code, scope, detail }),
  };
}
