import { getPool } from '../database/pool';
import { sharedSingleton } from '../shared-singleton';

/** What never changes about a registered key. Whether it may still be used is asked in each append's transaction. */
export interface ProducerKeyOwner {
  keyid: string;
  publicKey: Uint8Array;
  producer: string;
  tenant: string;
}

const MAX_CACHED_KEYS = 10_000;

/** Registered keys by keyid; unknown ids are absent and asked again next time. */
export async function findProducerKeys(keyids: ReadonlySet<string>): Promise<Map<string, ProducerKeyOwner>> {
  const cache = sharedSingleton('producer-keys', () => new Map<string, ProducerKeyOwner>());
  const missing = [...keyids].filter((keyid) => !cache.has(keyid));
  if (missing.length > 0) {
    const found = await getPool().query<{
      keyid: string;
      public_key: Buffer;
      producer: string;
      tenant: string;
    }>(
      `SELECT k.keyid, k.public_key, k.producer, p.tenant FROM producer_keys k JOIN producers p ON p.id = k.producer
       WHERE k.keyid = ANY($1)`,
      [missing],
    );
    for (const row of found.rows) {
      if (cache.size >= MAX_CACHED_KEYS) cache.clear();
      cache.set(row.keyid, {
        keyid: row.keyid,
        publicKey: new Uint8Array(row.public_key),
        producer: row.producer,
        tenant: row.tenant,
      });
    }
  }
  const known = new Map<string, ProducerKeyOwner>();
  for (const keyid of keyids) {
    const key = cache.get(keyid);
    if (key) known.set(keyid, key);
  }
  return known;
}
