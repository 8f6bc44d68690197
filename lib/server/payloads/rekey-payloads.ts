import { inTransaction, type Tx } from '../database/transaction';
import { seal } from '../keys/seal';
import { requireSubjectKeys } from '../vault/subject-keys';
import { decryptPayload, payloadKeyId } from './payload-cipher';
import { payloadKeyOf } from './payload-key';

const BATCH = 200;

interface Row {
  ref: string;
  tenant: string;
  subject: string;
  subjects: string[];
  nonce: Buffer;
  ciphertext: Buffer;
}

/**
 * Moves payloads from before subjects had keys of their own under those keys, batch by batch; what was moved stays moved
 * however often it is cut short. One that does not open any more is left as it is: nothing could be shown of it before either.
 * @returns how many were moved
 */
export async function rekeyPayloads(): Promise<number> {
  let after = '';
  for (let total = 0; ; ) {
    const { seen, moved, last } = await inTransaction((tx) => rekeyBatch(tx, after));
    total += moved;
    after = last;
    if (seen < BATCH) return total;
  }
}

async function rekeyBatch(tx: Tx, after: string): Promise<{ seen: number; moved: number; last: string }> {
  const { rows } = await tx.query<Row>(
    `SELECT ref, tenant, subject, subjects, nonce, ciphertext FROM payloads WHERE key_id = $1 AND ref > $2
      ORDER BY ref LIMIT ${BATCH} FOR UPDATE`,
    [payloadKeyId(), after],
  );
  let moved = 0;
  for (const { ref, tenant, subject, subjects, nonce, ciphertext } of rows) {
    const bytes = decryptPayload(new Uint8Array(nonce), new Uint8Array(ciphertext), {
      tenant,
      subject,
      ref,
      keyId: payloadKeyId(),
    });
    if (!bytes) continue;
    const { id: keyId, key } = payloadKeyOf(await requireSubjectKeys(tenant, subjects));
    const sealed = seal(key, bytes, { tenant, subject, field: ref, keyId });
    await tx.query('UPDATE payloads SET key_id = $2, nonce = $3, ciphertext = $4 WHERE ref = $1', [
      ref,
      keyId,
      sealed.nonce,
      sealed.ciphertext,
    ]);
    moved += 1;
  }
  return { seen: rows.length, moved, last: rows.at(-1)?.ref ?? after };
}
