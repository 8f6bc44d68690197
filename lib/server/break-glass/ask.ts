import { formatInstant } from '@/lib/core/instant';
import { isMeaningful } from '@/lib/escalations/reason';
import type { AskBreakGlassRequest } from '@/lib/identity/break-glass-requests';
import { nowMs as clockNowMs } from '../clock';
import { inTransaction } from '../database/transaction';
import { ServiceError } from '../errors';
import { publishEvent } from '../events/publish-event';
import { newId } from '../random';
import { journal } from '../records/journal';
import type { Reviewer } from '../reviews/reviewer';
import { storeReason } from '../reviews/store-reason';
import { requireBreaker } from './require-breaker';

/** The second person has this long to confirm. */
const CONFIRM_WITHIN_MS = 15 * 60_000;

/**
 * The first of two people asks for a break-glass: nothing is lifted yet. One at a time.
 * @throws ServiceError `policy_missing`, `break_glass_off`, `role_required`, `reason_required`, `break_glass_state` while
 * one is asked for or open
 */
export async function askBreakGlass(
  viewer: Reviewer,
  request: AskBreakGlassRequest,
  { nowMs = clockNowMs() } = {},
): Promise<{ id: string }> {
  const tenant = viewer.tenant.id;
  return inTransaction(async (tx) => {
    const rule = await requireBreaker(tx, viewer, nowMs);
    if (!isMeaningful(request.reasonText))
      throw new ServiceError('reason_required', 'Say why, in words that say something.');
    await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`break-glass ${tenant}`]);
    const running = await tx.query(
      `SELECT 1 FROM break_glasses WHERE tenant = $1 AND closed_at IS NULL
          AND (until_at > $2 OR (opened_at IS NULL AND confirm_by > $2))`,
      [tenant, new Date(nowMs)],
    );
    if (running.rowCount) throw new ServiceError('break_glass_state', 'One is asked for or open already.');
    const id = newId('bgl', nowMs);
    const reason = await storeReason(tx, viewer, { escalation: null, text: request.reasonText, nowMs });
    const confirmByMs = nowMs + CONFIRM_WITHIN_MS;
    await tx.query(
      `INSERT INTO break_glasses (id, tenant, asked_by, asked_at, confirm_by, reason_code, reason_ref, tiers, relaxes)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [
        id,
        tenant,
        viewer.person.id,
        new Date(nowMs),
        new Date(confirmByMs),
        request.reasonCode,
        reason.ref,
        rule.tiers,
        rule.relaxes,
      ],
    );
    await publishEvent(tx, { tenant, type: 'break_glass.changed', id });
    await journal(tx, {
      tenant,
      kind: 'break_glass.asked',
      id,
      body: {
        break_glass_id: id,
        asked_by: viewer.person.id,
        reason_code: request.reasonCode,
        reason_digest: reason.digest,
        confirm_by: formatInstant(confirmByMs),
      },
      occurredAtMs: nowMs,
    });
    return { id };
  });
}
