import { consoleStream } from '../config';
import { getPool } from '../database/pool';
import { inTransaction } from '../database/transaction';
import { journal } from '../records/journal';

/**
 * Records that a witness sent a receipt that does not verify, as an `incident` of every organisation: once a day for one
 * witness and reason, because the record itself makes a checkpoint, which is stamped again.
 */
export async function recordInvalidReceipt(
  found: { witness: string; size: number; code: string; check: string },
  nowMs: number,
): Promise<void> {
  const day = new Date(nowMs).toISOString().slice(0, 10);
  const id = `incident:receipt_invalid:${found.witness}:${day}:${found.code}`.slice(0, 128);
  const tenants = await getPool().query<{ id: string }>('SELECT id FROM tenants ORDER BY id');
  for (const { id: tenant } of tenants.rows) {
    await inTransaction(async (tx) => {
      // Locks the organisation's journal, so that two processes that found the same record it once.
      await tx.query('SELECT 1 FROM streams WHERE stream = $1 FOR UPDATE', [consoleStream(tenant)]);
      const known = await tx.query('SELECT 1 FROM records WHERE stream = $1 AND id = $2', [
        consoleStream(tenant),
        id,
      ]);
      if (known.rowCount) return;
      await journal(tx, {
        tenant,
        kind: 'incident',
        id,
        body: {
          code: 'receipt_invalid',
          detail: `Witness ${found.witness}, checkpoint of size ${found.size}: ${found.check} failed (${found.code}).`,
        },
        occurredAtMs: nowMs,
      });
    });
  }
}
