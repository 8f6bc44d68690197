import type { Impression } from '@/lib/escalations/flow-view';
import { nowMs as clockNowMs } from '../clock';
import { inTransaction } from '../database/transaction';
import { ServiceError } from '../errors';
import { newId } from '../random';
import { journal } from '../records/journal';
import { findEligibility } from '../reviews/find-eligibility';
import { findReading } from '../reviews/review-session-record';
import type { Reviewer } from '../reviews/reviewer';
import { findImpression, readRecommendation } from './find-recommendation';
import { requirePending } from './require-pending';

/**
 * One person's first impression, before they see what a machine recommends: final, and a record of its own, so that
 * whether the machine changed a mind can be counted. Only somebody who may decide, and has read, has one.
 * @throws ServiceError `escalation_unknown`, `escalation_ended`, `not_opened`, `impression_recorded`, `not_found` when
 * nothing is recommended, or the code of `mayDecide`
 */
export async function recordImpression(
  viewer: Reviewer,
  id: string,
  impression: Impression,
  { nowMs = clockNowMs() } = {},
): Promise<void> {
  const tenant = viewer.tenant.id;
  const person = viewer.person.id;
  await inTransaction(async (tx) => {
    const escalation = await requirePending(tx, { tenant, id }, { nowMs });
    const { may } = await findEligibility(tx, viewer, escalation, { nowMs });
    if (!may.ok) throw new ServiceError(may.code, may.detail);
    const words = await readRecommendation(tx, escalation);
    if (!words) throw new ServiceError('not_found', 'No recommendation is attached.');
    if (!(await findReading(tx, { tenant, escalation: id, person })))
      throw new ServiceError('not_opened', 'Open the escalation first.');
    const earlier = await findImpression(tx, escalation, person);
    if (earlier?.impression === impression) return;
    if (earlier) throw new ServiceError('impression_recorded');
    const { stream, position } = await journal(tx, {
      tenant,
      kind: 'impression.recorded',
      id: newId('rec', nowMs),
      body: {
        escalation_id: id,
        person,
        impression,
        recommended: words.verdict,
        model: `${words.model.provider}/${words.model.name}@${words.model.version}`,
        ...(words.score === undefined ? {} : { score: words.score }),
      },
      occurredAtMs: nowMs,
    });
    await tx.query(
      `INSERT INTO first_impressions (escalation, person, tenant, impression, recommended, at, stream, position)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [id, person, tenant, impression, words.verdict, new Date(nowMs), stream, position],
    );
  });
}
