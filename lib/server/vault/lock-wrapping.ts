import type { Tx } from '../database/transaction';

/** Any number that nothing else in this database uses. */
const WRAPPING_LOCK = 7_270_736_916;

/** Those who wrap data keys share it; whoever ends a key-encryption key waits for them all. Held until the transaction ends. */
export async function lockWrapping(tx: Tx, mode: 'shared' | 'exclusive'): Promise<void> {
  await tx.query(`SELECT pg_advisory_xact_lock${mode === 'shared' ? '_shared' : ''}($1)`, [WRAPPING_LOCK]);
}
