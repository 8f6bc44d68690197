import type { Tx } from '../database/transaction';
import { ServiceError } from '../errors';

/**
 * Locks a producer of this tenant.
 * @throws ServiceError `producer_unknown` (also for another tenant's), `producer_disabled`
 */
export async function requireProducerRow(
  tx: Tx,
  { tenant, producer }: { tenant: string; producer: string },
  { allowDisabled = false }: { allowDisabled?: boolean } = {},
): Promise<void> {
  const found = await tx.query<{ disabled_at: Date | null }>(
    'SELECT disabled_at FROM producers WHERE id = $1 AND tenant = $2 FOR UPDATE',
    [producer, tenant],
  );
  const row = found.rows[0];
  if (!row) throw new ServiceError('producer_unknown');
  if (row.disabled_at && !allowDisabled) throw new ServiceError('producer_disabled');
}
