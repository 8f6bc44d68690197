import { utf8 } from '@/lib/core/bytes';
import type { AccessTask } from '@/lib/escalations/access-request';
import type { AnswerRequest } from '@/lib/escalations/flow-view';
import { nowMs as clockNowMs } from '../clock';
import { inTransaction, type Tx } from '../database/transaction';
import { findDrill } from '../drills/drill-record';
import { ServiceError } from '../errors';
import { type EscalationRecord, findEscalation } from '../escalations/escalation-record';
import { formatTask } from '../escalations/format-task';
import { publishEvent } from '../events/publish-event';
import type { ProducerCaller } from '../machine-auth/require-producer';
import { notifyOfEscalation } from '../notifications/notify-of-escalation';
import { storePayload } from '../payloads/store-payload';
import { newId } from '../random';
import { journal } from '../records/journal';
import type { Reviewer } from '../reviews/reviewer';
import { withoutErased } from '../vault/subject-keys';
import { ownsAgent } from './owns-agent';
import { requirePending } from './require-pending';

/**
 * A gateway answers a question about its own task.
 * @throws ServiceError `task_unknown`, `task_terminal`, `information_unknown`, `information_answered`
 */
export async function answerAsGateway(
  caller: Pick<ProducerCaller, 'tenant' | 'producerId'>,
  id: string,
  answer: AnswerRequest,
  { nowMs = clockNowMs() } = {},
): Promise<AccessTask> {
  const at = { tenant: caller.tenant, id };
  return inTransaction(async (tx) => {
    const escalation = await findEscalation(tx, at, { lock: true });
    // A drill stands in a gateway's name, but it is not its task.
    if (escalation?.gateway !== caller.producerId || (await findDrill(tx, at)))
      throw new ServiceError('task_unknown', 'No task of yours has this id.');
    if (escalation.state !== 'pending' || nowMs >= escalation.expiresAtMs)
      throw new ServiceError('task_terminal', 'The task has ended already.');
    await record(tx, escalation, answer, caller.producerId, nowMs);
    return formatTask(tx, at);
  });
}

/**
 * Whoever answers for the agent (an administrator linked them to it) answers on the page.
 * @throws ServiceError `escalation_unknown`, `escalation_ended`, `role_required` for anybody else, `information_unknown`,
 * `information_answered`
 */
export async function answerAsOwner(
  viewer: Reviewer,
  id: string,
  answer: AnswerRequest,
  { nowMs = clockNowMs() } = {},
): Promise<void> {
  await inTransaction(async (tx) => {
    const escalation = await requirePending(tx, { tenant: viewer.tenant.id, id }, { nowMs });
    if (!(await ownsAgent(tx, viewer, escalation.agent)))
      throw new ServiceError('role_required', 'Only who answers for this agent may answer.');
    await record(tx, escalation, answer, viewer.person.id, nowMs);
  });
}

/** The same words again are answered alike; what was asked is answered once. The answer becomes part of the evidence. */
async function record(
  tx: Tx,
  escalation: EscalationRecord,
  { information_id, answer }: AnswerRequest,
  by: string,
  nowMs: number,
): Promise<void> {
  const { tenant, id, agent } = escalation;
  const found = await tx.query<{ asked_by: string; answered: boolean }>(
    `SELECT asked_by, answer_ref IS NOT NULL AS answered FROM information_requests
      WHERE id = $1 AND escalation = $2 AND tenant = $3 FOR UPDATE`,
    [information_id, id, tenant],
  );
  const row = found.rows[0];
  if (!row) throw new ServiceError('information_unknown');
  if (row.answered) throw new ServiceError('information_answered');
  const tokens = await withoutErased(
    tenant,
    escalation.subjects.map(({ token }) => token),
  );
  const stored = await storePayload(
    tx,
    {
      tenant,
      kind: 'escalation_evidence',
      subjects: tokens.length > 0 ? tokens : [agent],
      agent,
      mediaType: 'text/plain',
      bytes: utf8(answer),
    },
    { nowMs },
  );
  await tx.query(
    'UPDATE information_requests SET answer_ref = $2, answered_by = $3, answered_at = $4 WHERE id = $1',
    [information_id, stored.ref, by, new Date(nowMs)],
  );
  // Who waited for this takes it up again.
  await tx.query('DELETE FROM deferrals WHERE escalation = $1 AND tenant = $2 AND on_information', [
    id,
    tenant,
  ]);
  await tx.query('UPDATE escalations SET version = version + 1 WHERE id = $1 AND tenant = $2', [id, tenant]);
  await publishEvent(tx, { tenant, type: 'escalation.changed', id });
  await notifyOfEscalation(tx, escalation, {
    kind: 'information.answered',
    occasion: information_id,
    to: { persons: [row.asked_by] },
    nowMs,
  });
  await journal(tx, {
    tenant,
    kind: 'information.answered',
    id: newId('rec', nowMs),
    body: { escalation_id: id, information_id, answered_by: by, answer_digest: stored.digest },
    occurredAtMs: nowMs,
  });
}
