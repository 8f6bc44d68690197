import { decodeUtf8 } from '@/lib/core/bytes';
import { parseJson } from '@/lib/core/json';
import { reviewBody } from '@/lib/escalations/record-bodies';
import { statementDigest } from '@/lib/escalations/statement';
import type { ActionReading } from './action-reading';
import type { FoundCondition } from './condition';

/** The request, every approving review and the policy: signed by this console, and about this action. */
export function checkAuthorisation(reading: ActionReading): FoundCondition[] {
  const { escalation, submitted, reviews, policyDigest, issued } = reading.evidence;
  const fault = (detail: string) => reading.fault('authorisation_unverifiable', detail);
  const found: FoundCondition[] = [];
  for (const record of [submitted, ...reviews.map((review) => review.record), issued]) {
    if (!record || !reading.placed(record).ok) continue;
    const author = reading.author(record);
    if (!author.ok) found.push(fault(`Record ${record.position} of ${record.stream}: ${author.code}.`));
  }
  if (!submitted) found.push(fault('The record of the request is not there.'));
  if (policyDigest !== escalation.policyDigest)
    found.push(fault('The policy under which it was asked is not the text that was published.'));
  for (const { id, person, statement, statementDigest: digest, record } of reviews) {
    const read = reading.payload(record);
    const body = read?.kind === 'review' ? reviewBody.safeParse(read.body) : null;
    if (!body?.success) {
      if (reading.placed(record).ok) found.push(fault(`Review ${id} holds no statement.`));
      continue;
    }
    const said = body.data.statement;
    const stored = parseStored(statement);
    const holds =
      statementDigest(said) === body.data.statement_digest &&
      body.data.statement_digest === digest &&
      stored !== null &&
      statementDigest(stored) === digest &&
      said.verdict === 'approve' &&
      said.reviewer === person &&
      said.escalation === escalation.id &&
      said.action_digest === escalation.actionDigest &&
      said.policy_digest === escalation.policyDigest;
    if (!holds) found.push(fault(`The statement of review ${id} is not the one that was recorded.`));
  }
  return found;
}

function parseStored(bytes: Uint8Array) {
  const text = decodeUtf8(bytes);
  const json = text.ok ? parseJson(text.value) : text;
  const parsed = json.ok ? reviewBody.shape.statement.safeParse(json.value) : null;
  return parsed?.success ? parsed.data : null;
}
