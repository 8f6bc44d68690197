import { resumeReading, startReading } from '@/lib/escalations/dwell';
import type { ReviewProgress } from '@/lib/escalations/escalation-view';
import { startClock } from '../attention/count-beat';
import { nowMs as clockNowMs } from '../clock';
import { inTransaction } from '../database/transaction';
import { ServiceError } from '../errors';
import { findEscalation } from '../escalations/escalation-record';
import { getProgress } from './get-progress';
import { recordDisclosure } from './record-disclosure';
import { findReading, saveReading } from './review-session-record';
import type { Reviewer } from './reviewer';

/**
 * The page says that it rendered the full evidence: from now on this person's dwell is counted. Said again (a reload),
 * the first time stands. An escalation that has ended starts no session.
 * @throws ServiceError `escalation_unknown`
 */
export async function openReview(
  viewer: Reviewer,
  id: string,
  { nowMs = clockNowMs() } = {},
): Promise<ReviewProgress> {
  const tenant = viewer.tenant.id;
  const at = { tenant, escalation: id, person: viewer.person.id };
  return inTransaction(async (tx) => {
    const escalation = await findEscalation(tx, { tenant, id });
    if (!escalation) throw new ServiceError('escalation_unknown');
    if (escalation.state === 'pending') {
      await startClock(tx, at);
      await recordDisclosure(tx, viewer, escalation, { nowMs });
      const reading = await findReading(tx, at, { lock: true });
      await saveReading(tx, at, reading ? resumeReading(reading, nowMs) : startReading(nowMs));
    }
    return getProgress(tx, viewer, id, { nowMs });
  });
}
