import { mayAccept, parseScope } from '@/lib/conditions/condition';
import type { ResolveConditionRequest } from '@/lib/conditions/condition-view';
import { utf8 } from '@/lib/core/bytes';
import { isMeaningful, MEANINGFUL_CHARACTERS } from '@/lib/escalations/reason';
import { nowMs as clockNowMs } from '../clock';
import { inTransaction, type Tx } from '../database/transaction';
import { ServiceError } from '../errors';
import { storePayload } from '../payloads/store-payload';
import type { Reviewer } from '../reviews/reviewer';
import { checkCondition } from './check-condition';
import { closeCondition } from './close-condition';
import { requireOpenCondition } from './condition-row';

/**
 * Recovery, explicit and recorded: a compliance officer closes a condition with a reason, after the check was run again in
 * the same transaction. `cleared` needs the check to pass. `accepted` lets actions go on over something missing; what
 * contradicts itself is never accepted. `abandoned` needs an action of which no token can be used any more.
 * @throws ServiceError `role_required`, `not_found`, `condition_closed`, `condition_holds`, `reason_required`
 */
export async function resolveCondition(
  viewer: Reviewer,
  id: string,
  request: ResolveConditionRequest,
  { nowMs = clockNowMs() } = {},
): Promise<void> {
  if (!viewer.roles.includes('compliance'))
    throw new ServiceError('role_required', 'A compliance officer closes conditions.');
  if (!isMeaningful(request.reasonText))
    throw new ServiceError(
      'reason_required',
      `Say why, in at least ${MEANINGFUL_CHARACTERS} letters that say something.`,
    );
  const tenant = viewer.tenant.id;
  await inTransaction(async (tx) => {
    const condition = await requireOpenCondition(tx, tenant, id);
    const check = await checkCondition(tx, condition, nowMs);
    const { resolution } = request;
    if (resolution === 'cleared' && check.holds) throw new ServiceError('condition_holds', check.detail);
    if (resolution === 'accepted' && !mayAccept(condition.code))
      throw new ServiceError(
        'condition_holds',
        'Only what is missing can be accepted; this contradicts itself.',
      );
    if (resolution === 'abandoned') await requireSpent(tx, tenant, condition.scope, nowMs);
    const reason = await storePayload(
      tx,
      {
        tenant,
        kind: 'condition_reason',
        subjects: [viewer.person.id],
        mediaType: 'text/plain',
        bytes: utf8(request.reasonText),
      },
      { nowMs },
    );
    const { reasonCode } = request;
    const by = viewer.person.id;
    await closeCondition(tx, condition, { resolution, by, reasonCode, reason, detail: check.detail }, nowMs);
  });
}

/** Nothing can be executed any more: the escalation has ended, and its approval is redeemed, revoked, past or absent. */
async function requireSpent(tx: Tx, tenant: string, scope: string, nowMs: number): Promise<void> {
  const about = parseScope(scope);
  if (about?.kind !== 'escalation')
    throw new ServiceError('condition_holds', 'Only what concerns a single action can be given up with it.');
  const live = await tx.query(
    `SELECT 1 FROM escalations e LEFT JOIN approvals a ON a.escalation = e.id
      WHERE e.id = $1 AND e.tenant = $2 AND (e.state = 'pending' OR (a.expires_at > $3
        AND NOT EXISTS (SELECT 1 FROM redemptions r WHERE r.approval = a.id)
        AND NOT EXISTS (SELECT 1 FROM revocations v WHERE v.approval = a.id)))`,
    [about.id, tenant, new Date(nowMs)],
  );
  if (live.rowCount)
    throw new ServiceError(
      'condition_holds',
      'The action can still be approved or executed: deny or revoke it first.',
    );
}
