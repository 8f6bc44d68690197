import { parseInstant } from '@/lib/core/instant';
import type { DeferralView } from '@/lib/escalations/flow-view';
import { nowMs as clockNowMs } from '../clock';
import { inTransaction } from '../database/transaction';
import { ServiceError } from '../errors';
import { publishEvent } from '../events/publish-event';
import type { Reviewer } from '../reviews/reviewer';
import { requirePending } from './require-pending';

/**
 * Puts an escalation aside for this person until a time, or until information arrives; neither takes it up again. It is
 * nobody else's business, gives a claim back, and never moves the expiry: a time at or after it is refused.
 * @throws ServiceError `escalation_unknown`, `escalation_ended`, `malformed_request`
 */
export async function deferEscalation(
  viewer: Reviewer,
  id: string,
  { until, onInformation }: DeferralView,
  { nowMs = clockNowMs() } = {},
): Promise<void> {
  const tenant = viewer.tenant.id;
  const person = viewer.person.id;
  await inTransaction(async (tx) => {
    const escalation = await requirePending(tx, { tenant, id }, { nowMs });
    await tx.query('DELETE FROM deferrals WHERE escalation = $1 AND person = $2 AND tenant = $3', [
      id,
      person,
      tenant,
    ]);
    if (until !== null || onInformation) {
      const at = until === null ? null : parseInstant(until);
      if (at && (!at.ok || at.value <= nowMs || at.value >= escalation.expiresAtMs))
        throw new ServiceError('malformed_request', 'Put it aside until a time before it expires.');
      await tx.query(
        `INSERT INTO deferrals (escalation, person, tenant, until, on_information, created_at)
         VALUES ($1, $2, $3, $4, $5, $6)`,
        [id, person, tenant, at?.ok ? new Date(at.value) : null, onInformation, new Date(nowMs)],
      );
      await tx.query(
        'UPDATE escalations SET lease_person = NULL, lease_until = NULL WHERE id = $1 AND tenant = $2 AND lease_person = $3',
        [id, tenant, person],
      );
    }
    await publishEvent(tx, { tenant, type: 'escalation.changed', id });
  });
}
