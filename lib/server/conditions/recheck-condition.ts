import type { ConditionCheck } from '@/lib/conditions/condition-view';
import { nowMs as clockNowMs } from '../clock';
import { inTransaction } from '../database/transaction';
import { newId } from '../random';
import { journal } from '../records/journal';
import type { Reviewer } from '../reviews/reviewer';
import { checkCondition } from './check-condition';
import { requireOpenCondition } from './condition-row';

/**
 * "Check again": says whether the condition still holds and records that it was asked. Closing it is another step. The
 * caller has authorised the viewer.
 * @throws ServiceError `not_found`, `condition_closed`
 */
export async function recheckCondition(
  viewer: Reviewer,
  id: string,
  { nowMs = clockNowMs() } = {},
): Promise<ConditionCheck> {
  const tenant = viewer.tenant.id;
  return inTransaction(async (tx) => {
    const condition = await requireOpenCondition(tx, tenant, id);
    const check = await checkCondition(tx, condition, nowMs);
    await journal(tx, {
      tenant,
      kind: 'verification',
      id: newId('rec', nowMs),
      body: {
        condition_id: id,
        condition: condition.code,
        scope: condition.scope,
        holds: check.holds,
        by: viewer.person.id,
        detail: check.detail,
      },
      occurredAtMs: nowMs,
    });
    return check;
  });
}
