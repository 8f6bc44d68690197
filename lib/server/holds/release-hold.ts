import type { Tx } from '../database/transaction';
import { ServiceError } from '../errors';
import { newId } from '../random';
import { journal } from '../records/journal';
import type { VaultRequest } from '../vault/request-row';
import { lockHolds } from './lock-holds';

/** @throws ServiceError `hold_unknown` (another tenant's as none), `hold_released` */
export async function requireActiveHold(tx: Tx, tenant: string, id: string): Promise<void> {
  const found = await tx.query<{ released: boolean }>(
    `SELECT EXISTS (SELECT 1 FROM hold_releases r WHERE r.hold = h.id) AS released FROM holds h WHERE h.id = $1 AND h.tenant = $2`,
    [id, tenant],
  );
  if (!found.rows[0]) throw new ServiceError('hold_unknown', 'No hold has this id.');
  if (found.rows[0].released) throw new ServiceError('hold_released', 'This hold was released before.');
}

/**
 * Releases a hold by the grant of a second person, in their transaction. What is past its time is deleted at the scheduler's
 * next pass.
 * @throws ServiceError `hold_unknown`, `hold_released`
 */
export async function releaseHold(
  tx: Tx,
  request: VaultRequest,
  grantedBy: string,
  { nowMs }: { nowMs: number },
): Promise<void> {
  const { tenant } = request;
  const hold = request.target ?? '';
  await lockHolds(tx, tenant);
  await requireActiveHold(tx, tenant, hold);
  const record = await journal(tx, {
    tenant,
    kind: 'hold.released',
    id: newId('rec', nowMs),
    body: {
      hold_id: hold,
      request_id: request.id,
      person: request.requestedBy,
      authority: request.authority,
      granted_by: grantedBy,
      purpose: request.purpose,
      case: request.caseRef,
    },
    occurredAtMs: nowMs,
  });
  await tx.query(
    `INSERT INTO hold_releases (hold, tenant, reason_code, requested_by, released_by, released_at, stream, position)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      hold,
      tenant,
      request.purpose,
      request.requestedBy,
      grantedBy,
      new Date(nowMs),
      record.stream,
      record.position,
    ],
  );
}
