import { isMeaningful } from '@/lib/escalations/reason';
import type { ReviewBreakGlassRequest } from '@/lib/identity/break-glass-requests';
import { nowMs as clockNowMs } from '../clock';
import { inTransaction, type Tx } from '../database/transaction';
import { ServiceError } from '../errors';
import { publishEvent } from '../events/publish-event';
import { findHumans } from '../identity/find-humans';
import { newId } from '../random';
import { journal } from '../records/journal';
import type { Reviewer } from '../reviews/reviewer';
import { storeReason } from '../reviews/store-reason';
import { type BreakGlassRow, breakGlassState, lockBreakGlass } from './break-glass-row';

/**
 * What compliance found about a break-glass that has closed. Nobody reviews what they asked for, opened or decided under.
 * The caller has authorised the viewer as a compliance officer.
 * @throws ServiceError `not_found`, `break_glass_state`, `duplicate_human`, `reason_required`
 */
export async function reviewBreakGlass(
  viewer: Reviewer,
  id: string,
  request: ReviewBreakGlassRequest,
  { nowMs = clockNowMs() } = {},
): Promise<void> {
  const tenant = viewer.tenant.id;
  await inTransaction(async (tx) => {
    const row = await lockBreakGlass(tx, { tenant, id });
    if (!row) throw new ServiceError('not_found');
    const state = breakGlassState(row, nowMs);
    if (state !== 'review_due' && state !== 'review_overdue')
      throw new ServiceError('break_glass_state', 'It is not waiting for a review.');
    if (!isMeaningful(request.findingText))
      throw new ServiceError('reason_required', 'Say what was found, in words that say something.');
    await requireApart(tx, viewer, row);
    const text = await storeReason(tx, viewer, { escalation: null, text: request.findingText, nowMs });
    await tx.query(
      `UPDATE break_glasses SET reviewed_at = $3, reviewed_by = $4, finding = $5, finding_ref = $6
        WHERE id = $1 AND tenant = $2`,
      [id, tenant, new Date(nowMs), viewer.person.id, request.finding, text.ref],
    );
    await publishEvent(tx, { tenant, type: 'break_glass.changed', id });
    await journal(tx, {
      tenant,
      kind: 'break_glass.reviewed',
      id: newId('rec', nowMs),
      body: {
        break_glass_id: id,
        reviewed_by: viewer.person.id,
        finding: request.finding,
        finding_digest: text.digest,
        overdue: state === 'review_overdue',
      },
      occurredAtMs: nowMs,
    });
  });
}

async function requireApart(tx: Tx, viewer: Reviewer, row: BreakGlassRow): Promise<void> {
  const deciders = await tx.query<{ person: string }>(
    'SELECT DISTINCT person FROM reviews WHERE tenant = $1 AND break_glass = $2',
    [row.tenant, row.id],
  );
  const { humanOf } = await findHumans(tx, row.tenant, row.asked_at.getTime());
  const involved = [row.asked_by, row.opened_by, ...deciders.rows.map(({ person }) => person)];
  if (involved.some((each) => each !== null && humanOf(each) === humanOf(viewer.person.id)))
    throw new ServiceError('duplicate_human', 'Somebody who had no part in it must review it.');
}
