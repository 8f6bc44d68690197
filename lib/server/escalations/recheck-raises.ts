import type { Tx } from '../database/transaction';

/**
 * Has every pending escalation of a tenant looked at again for whether anybody may still decide it: people, links or
 * delegations changed. Compliance is the last to be asked, so what lies there stays.
 */
export async function recheckRaises(tx: Tx, tenant: string): Promise<void> {
  await tx.query(
    `UPDATE escalations SET raise_check_at = 'epoch'
      WHERE tenant = $1 AND state = 'pending' AND raised_to IS DISTINCT FROM 'compliance'`,
    [tenant],
  );
}
