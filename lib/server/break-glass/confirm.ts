import { formatInstant } from '@/lib/core/instant';
import { nowMs as clockNowMs } from '../clock';
import { inTransaction } from '../database/transaction';
import { ServiceError } from '../errors';
import { publishEvent } from '../events/publish-event';
import { findHumans } from '../identity/find-humans';
import { notify } from '../notifications/notify';
import { newId } from '../random';
import { journal } from '../records/journal';
import type { Reviewer } from '../reviews/reviewer';
import { breakGlassState, lockBreakGlass } from './break-glass-row';
import { requireBreaker } from './require-breaker';

/**
 * The second of two people opens it, for as long as the policy says; from now on a review afterwards is owed.
 * @throws ServiceError `policy_missing`, `break_glass_off`, `role_required`, `not_found`, `break_glass_state`,
 * `duplicate_human`
 */
export async function confirmBreakGlass(
  viewer: Reviewer,
  id: string,
  { nowMs = clockNowMs() } = {},
): Promise<void> {
  const tenant = viewer.tenant.id;
  await inTransaction(async (tx) => {
    const row = await lockBreakGlass(tx, { tenant, id });
    if (!row) throw new ServiceError('not_found');
    const rule = await requireBreaker(tx, viewer, nowMs);
    if (breakGlassState(row, nowMs) !== 'asked')
      throw new ServiceError('break_glass_state', 'It was confirmed, or nobody confirmed it in time.');
    const { humanOf } = await findHumans(tx, tenant, row.asked_at.getTime());
    if (humanOf(row.asked_by) === humanOf(viewer.person.id))
      throw new ServiceError('duplicate_human', 'Another person must confirm it.');
    const untilMs = nowMs + rule.minutes * 60_000;
    const dueMs = untilMs + rule.reviewWithinHours * 3_600_000;
    await tx.query(
      `UPDATE break_glasses SET opened_by = $3, opened_at = $4, until_at = $5, review_due_at = $6, tiers = $7, relaxes = $8
        WHERE id = $1 AND tenant = $2`,
      [
        id,
        tenant,
        viewer.person.id,
        new Date(nowMs),
        new Date(untilMs),
        new Date(dueMs),
        rule.tiers,
        rule.relaxes,
      ],
    );
    await publishEvent(tx, { tenant, type: 'break_glass.changed', id });
    await notify(tx, { tenant, kind: 'break-glass', ref: id, path: '/settings/break-glass', nowMs });
    await journal(tx, {
      tenant,
      kind: 'break_glass.opened',
      id: newId('rec', nowMs),
      body: {
        break_glass_id: id,
        asked_by: row.asked_by,
        opened_by: viewer.person.id,
        reason_code: row.reason_code,
        tiers: rule.tiers,
        relaxes: rule.relaxes,
        until: formatInstant(untilMs),
        review_due_at: formatInstant(dueMs),
      },
      occurredAtMs: nowMs,
    });
  });
}
