import { formatInstant } from '@/lib/core/instant';
import type { ReviewProgress } from '@/lib/escalations/escalation-view';
import type { LoadView } from '@/lib/escalations/load-view';
import { findLoad } from '../attention/find-load';
import type { Tx } from '../database/transaction';
import { ServiceError } from '../errors';
import { findEscalation } from '../escalations/escalation-record';
import { findLeaseView } from './lease';
import { findReading, formatReading } from './review-session-record';
import type { Reviewer } from './reviewer';

/**
 * Where one person's review stands.
 * @throws ServiceError `escalation_unknown`
 */
export async function getProgress(
  tx: Tx,
  viewer: Reviewer,
  id: string,
  { nowMs, load }: { nowMs: number /** When it is known already. */; load?: LoadView | null },
): Promise<ReviewProgress> {
  const tenant = viewer.tenant.id;
  const escalation = await findEscalation(tx, { tenant, id });
  if (!escalation) throw new ServiceError('escalation_unknown');
  const reading = await findReading(tx, { tenant, escalation: id, person: viewer.person.id });
  return {
    state: escalation.state,
    version: escalation.version,
    session: reading ? formatReading(reading, nowMs) : null,
    lease: await findLeaseView(tx, escalation.lease, { viewer: viewer.person.id, nowMs }),
    load: load === undefined ? await findLoad(tx, { tenant, person: viewer.person.id }, { nowMs }) : load,
    now: formatInstant(nowMs),
  };
}
