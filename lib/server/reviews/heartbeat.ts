import type { z } from 'zod';
import type { heartbeatRequest, ReviewProgress } from '@/lib/escalations/escalation-view';
import { countBeat } from '../attention/count-beat';
import { handOver } from '../attention/hand-over';
import { nowMs as clockNowMs } from '../clock';
import { inTransaction } from '../database/transaction';
import { ServiceError } from '../errors';
import { findEscalation } from '../escalations/escalation-record';
import { getProgress } from './get-progress';
import { LEASE_MS } from './lease';
import { findReading, saveReading } from './review-session-record';
import type { Reviewer } from './reviewer';

/**
 * One beat of an open review: counts what it is worth by its arrival here, and renews this person's own lease; whoever
 * reaches a limit of load by it gives back what they hold and have not begun. After the escalation's end a beat counts nothing and only tells how it ended.
 * @throws ServiceError `escalation_unknown`, `not_opened`
 */
export async function recordHeartbeat(
  viewer: Reviewer,
  id: string,
  beat: z.infer<typeof heartbeatRequest>,
  { nowMs = clockNowMs() } = {},
): Promise<ReviewProgress> {
  const tenant = viewer.tenant.id;
  const at = { tenant, escalation: id, person: viewer.person.id };
  return inTransaction(async (tx) => {
    const escalation = await findEscalation(tx, { tenant, id });
    if (escalation?.state !== 'pending') return getProgress(tx, viewer, id, { nowMs });
    await tx.query(
      `UPDATE escalations SET lease_until = $4
        WHERE id = $1 AND tenant = $2 AND lease_person = $3 AND state = 'pending' AND lease_until > $5`,
      [id, tenant, viewer.person.id, new Date(nowMs + LEASE_MS), new Date(nowMs)],
    );
    const reading = await findReading(tx, at, { lock: true });
    if (!reading) throw new ServiceError('not_opened', 'Open the escalation first.');
    await saveReading(tx, at, await countBeat(tx, at, reading, beat, nowMs));
    const load = await handOver(tx, viewer, { nowMs });
    return getProgress(tx, viewer, id, { nowMs, load });
  });
}
