import type { ReviewProgress } from '@/lib/escalations/escalation-view';
import { nowMs as clockNowMs } from '../clock';
import { inTransaction } from '../database/transaction';
import { publishEvent } from '../events/publish-event';
import { getProgress } from './get-progress';
import type { Reviewer } from './reviewer';

/**
 * Puts back what this person had claimed. What somebody else holds, or nobody does, is left as it is.
 * @throws ServiceError `escalation_unknown`
 */
export async function releaseEscalation(
  viewer: Reviewer,
  id: string,
  { nowMs = clockNowMs() } = {},
): Promise<ReviewProgress> {
  const tenant = viewer.tenant.id;
  return inTransaction(async (tx) => {
    const released = await tx.query(
      `UPDATE escalations SET lease_person = NULL, lease_until = NULL
        WHERE id = $1 AND tenant = $2 AND lease_person = $3`,
      [id, tenant, viewer.person.id],
    );
    if (released.rowCount) await publishEvent(tx, { tenant, type: 'escalation.changed', id });
    return getProgress(tx, viewer, id, { nowMs });
  });
}
