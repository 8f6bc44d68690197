import { type ConditionCode, conditionCode } from '@/lib/conditions/condition';
import type { Tx } from '../database/transaction';
import { ServiceError } from '../errors';

export interface ConditionRow {
  id: string;
  tenant: string;
  code: ConditionCode;
  scope: string;
}

/**
 * One open condition of this tenant, locked until the transaction ends.
 * @throws ServiceError `not_found` (another tenant's as well as none), `condition_closed`
 */
export async function requireOpenCondition(tx: Tx, tenant: string, id: string): Promise<ConditionRow> {
  const found = await tx.query<{ code: string; scope: string; resolved_at: Date | null }>(
    'SELECT code, scope, resolved_at FROM integrity_conditions WHERE id = $1 AND tenant = $2 FOR UPDATE',
    [id, tenant],
  );
  const row = found.rows[0];
  if (!row) throw new ServiceError('not_found', 'No condition has this id.');
  if (row.resolved_at) throw new ServiceError('condition_closed');
  return { id, tenant, code: conditionCode.parse(row.code), scope: row.scope };
}
