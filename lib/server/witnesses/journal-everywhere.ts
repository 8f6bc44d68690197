import type { RecordKind } from '@/lib/decisions/record-payload';
import type { Tx } from '../database/transaction';
import { newId } from '../random';
import { journal } from '../records/journal';

/**
 * Journals in every organisation what concerns all of them: the log is one. Streams are locked in the order of their
 * names, as everywhere.
 */
export async function journalEverywhere(
  tx: Tx,
  entry: { kind: RecordKind; body: Record<string, unknown>; nowMs: number },
): Promise<void> {
  const tenants = await tx.query<{ id: string }>('SELECT id FROM tenants ORDER BY id');
  for (const { id: tenant } of tenants.rows) {
    await journal(tx, {
      tenant,
      kind: entry.kind,
      id: newId('rec', entry.nowMs),
      body: entry.body,
      occurredAtMs: entry.nowMs,
    });
  }
}
