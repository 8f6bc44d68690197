import type { ReviewProgress } from '@/lib/escalations/escalation-view';
import { findLoad } from '../attention/find-load';
import { requireFree } from '../attention/require-free';
import { nowMs as clockNowMs } from '../clock';
import { inTransaction } from '../database/transaction';
import { ServiceError } from '../errors';
import { findEscalation } from '../escalations/escalation-record';
import { publishEvent } from '../events/publish-event';
import { findEligibility } from './find-eligibility';
import { getProgress } from './get-progress';
import { activeLease, LEASE_MS } from './lease';
import { findReading } from './review-session-record';
import type { Reviewer } from './reviewer';

/**
 * Takes the escalation for two minutes (renewed by heartbeats), so that others work on something else. Only somebody
 * who may decide can hold it. Claiming one's own lease renews it.
 * @throws ServiceError `escalation_unknown`, `lease_held`, `load_limit_reached`, or the code of `mayDecide`
 */
export async function claimEscalation(
  viewer: Reviewer,
  id: string,
  { nowMs = clockNowMs() } = {},
): Promise<ReviewProgress> {
  const tenant = viewer.tenant.id;
  return inTransaction(async (tx) => {
    const escalation = await findEscalation(tx, { tenant, id }, { lock: true });
    if (!escalation) throw new ServiceError('escalation_unknown');
    const { may } = await findEligibility(tx, viewer, escalation, { nowMs });
    if (!may.ok) throw new ServiceError(may.code, may.detail);
    const reading = await findReading(tx, { tenant, escalation: id, person: viewer.person.id });
    const load = await findLoad(tx, { tenant, person: viewer.person.id }, { nowMs });
    requireFree(load, reading?.openedAtMs ?? null);
    const held = activeLease(escalation.lease, nowMs);
    if (held && held.person !== viewer.person.id) {
      throw new ServiceError('lease_held', 'Somebody else is working on this.');
    }
    await tx.query(
      'UPDATE escalations SET lease_person = $3, lease_until = $4 WHERE id = $1 AND tenant = $2',
      [id, tenant, viewer.person.id, new Date(nowMs + LEASE_MS)],
    );
    if (!held) await publishEvent(tx, { tenant, type: 'escalation.changed', id });
    return getProgress(tx, viewer, id, { nowMs });
  });
}
