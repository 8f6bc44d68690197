import type { Tx } from '../database/transaction';

/**
 * Serialises a tenant's holds with its deletions, until the transaction ends. Whoever deletes takes it before asking what is
 * held; whoever places a hold takes it before writing it: no deletion commits after a hold that covers it.
 */
export async function lockHolds(tx: Tx, tenant: string): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`countersign/holds/${tenant}`]);
}
