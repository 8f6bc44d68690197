import type { EnvelopeKey } from '@/lib/integrity/dsse';
import { getPool } from '../database/pool';

/** Every key that a producer of this tenant has or had. */
export async function findEnvelopeKeys(tenant: string, producer: string): Promise<EnvelopeKey[]> {
  const { rows } = await getPool().query<{ keyid: string; public_key: Buffer }>(
    `SELECT k.keyid, k.public_key FROM producer_keys k JOIN producers p ON p.id = k.producer
      WHERE p.tenant = $1 AND p.id = $2`,
    [tenant, producer],
  );
  return rows.map((row) => ({ keyid: row.keyid, publicKey: new Uint8Array(row.public_key) }));
}
