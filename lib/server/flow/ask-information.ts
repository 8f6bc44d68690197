import { nowMs as clockNowMs } from '../clock';
import { inTransaction } from '../database/transaction';
import { ServiceError } from '../errors';
import { publishEvent } from '../events/publish-event';
import { notifyOfEscalation } from '../notifications/notify-of-escalation';
import { newId } from '../random';
import { journal } from '../records/journal';
import { findEligibility } from '../reviews/find-eligibility';
import type { Reviewer } from '../reviews/reviewer';
import { storeReason } from '../reviews/store-reason';
import { notifyCallback } from './notify-callback';
import { requirePending } from './require-pending';

const MAX_QUESTIONS = 16;

/**
 * Asks the agent's owner something about an action. The task tells the gateway, a notice tells the owners; the clock runs
 * on: a question extends nothing.
 * @returns the question's id
 * @throws ServiceError `escalation_unknown`, `escalation_ended`, `information_limit`, or the code of `mayDecide`
 */
export async function askInformation(
  viewer: Reviewer,
  id: string,
  question: string,
  { nowMs = clockNowMs() } = {},
): Promise<string> {
  const tenant = viewer.tenant.id;
  return inTransaction(async (tx) => {
    const escalation = await requirePending(tx, { tenant, id }, { nowMs });
    const { may } = await findEligibility(tx, viewer, escalation, { nowMs });
    if (!may.ok) throw new ServiceError(may.code, may.detail);
    const asked = await tx.query('SELECT 1 FROM information_requests WHERE escalation = $1', [id]);
    if ((asked.rowCount ?? 0) >= MAX_QUESTIONS) throw new ServiceError('information_limit');
    const informationId = newId('inf', nowMs);
    const stored = await storeReason(tx, viewer, { escalation, text: question, nowMs });
    await tx.query(
      `INSERT INTO information_requests (id, tenant, escalation, asked_by, question_ref, asked_at)
       VALUES ($1, $2, $3, $4, $5, $6)`,
      [informationId, tenant, id, viewer.person.id, stored.ref, new Date(nowMs)],
    );
    await tx.query('UPDATE escalations SET version = version + 1 WHERE id = $1 AND tenant = $2', [
      id,
      tenant,
    ]);
    await publishEvent(tx, { tenant, type: 'escalation.changed', id });
    await notifyOfEscalation(tx, escalation, {
      kind: 'information.requested',
      occasion: informationId,
      nowMs,
    });
    await notifyCallback(tx, escalation, { occasion: informationId, nowMs });
    await journal(tx, {
      tenant,
      kind: 'information.requested',
      id: informationId,
      body: {
        escalation_id: id,
        information_id: informationId,
        asked_by: viewer.person.id,
        question_digest: stored.digest,
      },
      occurredAtMs: nowMs,
    });
    return informationId;
  });
}
