import { nowMs } from '../clock';
import { inTransaction } from '../database/transaction';
import { newId } from '../random';
import { journal } from '../records/journal';
import { requireProducerRow } from './require-producer-row';

/**
 * Disables a producer: none of its keys is accepted from now on. Recorded as the retirement of each of its keys, so
 * that the record alone tells which signatures count; a disabled producer is never enabled again.
 * @throws ServiceError `producer_unknown`, `producer_disabled` when it was disabled before
 */
export async function disableProducer(
  input: { tenant: string; producer: string; by: string },
  { nowMs: at = nowMs() }: { nowMs?: number } = {},
): Promise<void> {
  await inTransaction(async (tx) => {
    await requireProducerRow(tx, input);
    await tx.query('UPDATE producers SET disabled_at = $2 WHERE id = $1', [input.producer, new Date(at)]);
    const keys = await tx.query<{ keyid: string }>(
      'UPDATE producer_keys SET retired_at = $2 WHERE producer = $1 AND retired_at IS NULL RETURNING keyid',
      [input.producer, new Date(at)],
    );
    for (const { keyid } of keys.rows) {
      await journal(tx, {
        tenant: input.tenant,
        kind: 'key.retired',
        id: newId('rec', at),
        body: { producer: input.producer, keyid, by: input.by, reason_code: 'producer_disabled' },
        occurredAtMs: at,
      });
    }
  });
}
