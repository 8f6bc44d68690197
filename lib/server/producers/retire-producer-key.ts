import { nowMs } from '../clock';
import { inTransaction } from '../database/transaction';
import { ServiceError } from '../errors';
import { newId } from '../random';
import { journal } from '../records/journal';
import { requireProducerRow } from './require-producer-row';

/**
 * Retires a key: nothing signed by it is accepted from now on; what it signed before stays verifiable for ever.
 * @throws ServiceError `producer_unknown`, `key_unknown`, `key_retired` when it was retired before
 */
export async function retireProducerKey(
  input: { tenant: string; producer: string; keyid: string; by: string },
  { nowMs: at = nowMs() }: { nowMs?: number } = {},
): Promise<void> {
  await inTransaction(async (tx) => {
    await requireProducerRow(tx, input, { allowDisabled: true });
    const key = await tx.query<{ retired_at: Date | null }>(
      'SELECT retired_at FROM producer_keys WHERE keyid = $1 AND producer = $2 FOR UPDATE',
      [input.keyid, input.producer],
    );
    const row = key.rows[0];
    if (!row) throw new ServiceError('key_unknown');
    if (row.retired_at) throw new ServiceError('key_retired');
    await tx.query('UPDATE producer_keys SET retired_at = $2 WHERE keyid = $1', [input.keyid, new Date(at)]);
    await journal(tx, {
      tenant: input.tenant,
      kind: 'key.retired',
      id: newId('rec', at),
      body: { producer: input.producer, keyid: input.keyid, by: input.by },
      occurredAtMs: at,
    });
  });
}
