import { holdsRole } from '@/lib/identity/permissions';
import { nowMs as clockNowMs } from '../clock';
import { inTransaction } from '../database/transaction';
import { ServiceError } from '../errors';
import { recheckRaises } from '../escalations/recheck-raises';
import { newId } from '../random';
import { journal } from '../records/journal';
import type { Reviewer } from '../reviews/reviewer';

/**
 * Ends a delegation before its time: by either of the two people, compliance or an administrator. What was decided with it
 * stays. Ending what has ended changes nothing.
 * @throws ServiceError `not_found`, also for somebody whom it does not concern
 */
export async function revokeDelegation(
  viewer: Reviewer,
  id: string,
  { nowMs = clockNowMs() } = {},
): Promise<void> {
  const tenant = viewer.tenant.id;
  const oversees = holdsRole(viewer.roles, ['compliance', 'admin']);
  await inTransaction(async (tx) => {
    const ended = await tx.query(
      `UPDATE delegations SET revoked_at = $4, revoked_by = $3
        WHERE id = $1 AND tenant = $2 AND revoked_at IS NULL AND until_at > $4
          AND ($5 OR delegator = $3 OR delegate = $3)`,
      [id, tenant, viewer.person.id, new Date(nowMs), oversees],
    );
    if (ended.rowCount === 1) {
      await recheckRaises(tx, tenant);
      await journal(tx, {
        tenant,
        kind: 'delegation.revoked',
        id: newId('rec', nowMs),
        body: { delegation_id: id, revoked_by: viewer.person.id },
        occurredAtMs: nowMs,
      });
      return;
    }
    const known = await tx.query(
      'SELECT 1 FROM delegations WHERE id = $1 AND tenant = $2 AND ($4 OR delegator = $3 OR delegate = $3)',
      [id, tenant, viewer.person.id, oversees],
    );
    if (!known.rowCount) throw new ServiceError('not_found');
  });
}
