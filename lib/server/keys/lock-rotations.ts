import type { Tx } from '../database/transaction';

/** Any number that nothing else in this database uses. */
const ROTATION_LOCK = 7_270_736_902;

/** One exchange of keys at a time, in whichever process; held until the transaction ends. */
export async function lockRotations(tx: Tx): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock($1)', [ROTATION_LOCK]);
}
