import { jwkThumbprint, parsePublicKey } from '@/lib/core/ed25519';
import { formatBase64url } from '@/lib/core/encoding';
import { isNested, type ProducerKind } from '@/lib/producers/producer';
import { nowMs } from '../clock';
import { inTransaction, type Tx } from '../database/transaction';
import { ServiceError } from '../errors';
import { newId } from '../random';
import { journal } from '../records/journal';

export interface NewProducer {
  tenant: string;
  /** SPIFFE ID; also the name of its first stream. */
  id: string;
  name: string;
  kind: ProducerKind;
  /** 32 bytes. */
  publicKey: Uint8Array;
  /** Person id, or `cli`. */
  by: string;
}

/**
 * Registers a producer with its first key and records it.
 * @returns the key's id, its RFC 7638 thumbprint
 * @throws ServiceError `producer_exists`, `key_exists`, `key_invalid`
 */
export async function registerProducer(
  producer: NewProducer,
  { nowMs: at = nowMs() }: { nowMs?: number } = {},
): Promise<{ keyid: string }> {
  return inTransaction(async (tx) => {
    await refuseTakenId(tx, producer);
    const createdAt = new Date(at);
    await tx.query('INSERT INTO producers (id, tenant, name, kind, created_at) VALUES ($1, $2, $3, $4, $5)', [
      producer.id,
      producer.tenant,
      producer.name,
      producer.kind,
      createdAt,
    ]);
    const keyid = await insertProducerKey(tx, producer.id, producer.publicKey, createdAt);
    await journal(tx, {
      tenant: producer.tenant,
      kind: 'producer.registered',
      id: newId('rec', at),
      body: {
        producer: producer.id,
        name: producer.name,
        producer_kind: producer.kind,
        keyid,
        public_key: formatBase64url(producer.publicKey),
        by: producer.by,
      },
      occurredAtMs: at,
    });
    return { keyid };
  });
}

/** Another tenant's producer below or above this one could write into its streams. */
async function refuseTakenId(tx: Tx, { id, tenant }: NewProducer): Promise<void> {
  await tx.query('LOCK TABLE producers IN SHARE ROW EXCLUSIVE MODE');
  const others = await tx.query<{ id: string; tenant: string }>(
    `SELECT id, tenant FROM producers WHERE id = $1 OR starts_with(id, $1 || '/') OR starts_with($1, id || '/')`,
    [id],
  );
  const taken = others.rows.some(
    (other) => other.id === id || (other.tenant !== tenant && isNested(other.id, id)),
  );
  if (taken) throw new ServiceError('producer_exists', 'This producer id cannot be registered here.');
}

/**
 * Stores one more public key of a producer.
 * @throws ServiceError `key_invalid` for a key that strict Ed25519 refuses, `key_exists` when it is registered
 */
export async function insertProducerKey(
  tx: Tx,
  producer: string,
  publicKey: Uint8Array,
  validFrom: Date,
): Promise<string> {
  const admitted = parsePublicKey(publicKey);
  if (!admitted.ok) throw new ServiceError('key_invalid', `The public key is refused: ${admitted.code}.`);
  const keyid = jwkThumbprint(admitted.value);
  const inserted = await tx.query(
    `INSERT INTO producer_keys (keyid, producer, public_key, valid_from) VALUES ($1, $2, $3, $4)
     ON CONFLICT (keyid) DO NOTHING`,
    [keyid, producer, Buffer.from(admitted.value), validFrom],
  );
  if (!inserted.rowCount) throw new ServiceError('key_exists', 'This public key is registered already.');
  return keyid;
}
