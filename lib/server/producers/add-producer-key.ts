import { formatBase64url } from '@/lib/core/encoding';
import { nowMs } from '../clock';
import { inTransaction } from '../database/transaction';
import { newId } from '../random';
import { journal } from '../records/journal';
import { insertProducerKey } from './register-producer';
import { requireProducerRow } from './require-producer-row';

/**
 * Adds a public key (32 bytes) to a producer of this tenant and records it.
 * @param input.by person id, or `cli`
 * @throws ServiceError `producer_unknown`, `producer_disabled`, `key_invalid`, `key_exists`
 */
export async function addProducerKey(
  input: { tenant: string; producer: string; publicKey: Uint8Array; by: string },
  { nowMs: at = nowMs() }: { nowMs?: number } = {},
): Promise<{ keyid: string }> {
  return inTransaction(async (tx) => {
    await requireProducerRow(tx, input);
    const keyid = await insertProducerKey(tx, input.producer, input.publicKey, new Date(at));
    await journal(tx, {
      tenant: input.tenant,
      kind: 'key.added',
      id: newId('rec', at),
      body: {
        producer: input.producer,
        keyid,
        public_key: formatBase64url(input.publicKey),
        by: input.by,
      },
      occurredAtMs: at,
    });
    return { keyid };
  });
}
