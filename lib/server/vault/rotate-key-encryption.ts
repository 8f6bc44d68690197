import { formatInstant } from '@/lib/core/instant';
import { nowMs as clockNowMs } from '../clock';
import { getConfig } from '../config';
import type { Tx } from '../database/transaction';
import { getVaultPool, inVaultTransaction } from '../database/vault-pool';
import {
  addKeyEncryptionKey,
  listKeyEncryptionKeys,
  removeKeyEncryptionKey,
} from '../keys/key-encryption-file';
import { newId } from '../random';
import { journal } from '../records/journal';
import { currentKeyEncryption, findKeyEncryption } from './find-key-encryption';
import { lockWrapping } from './lock-wrapping';

const BATCH = 500;

/**
 * Puts a new key-encryption key into force and wraps every data key anew. The new key's file stands before the commit that
 * names it; from then on whatever is wrapped is wrapped under it. An interruption in between is finished by the scheduler.
 * @returns the new key's id and how many data keys were wrapped anew
 */
export async function rotateKeyEncryption(
  by: string,
  { nowMs = clockNowMs() } = {},
): Promise<{ keyId: string; rewrapped: number }> {
  // One file, also where the transaction has to be tried again.
  let made: string | null = null;
  const keyId = await inVaultTransaction(async (tx) => {
    await lockWrapping(tx, 'exclusive');
    await currentKeyEncryption(tx);
    made ??= addKeyEncryptionKey(getConfig().dataDirectory);
    const id = made;
    await tx.query(
      `INSERT INTO vault.key_encryption_keys (kek_id, created_at)
       SELECT $1, greatest($2, (SELECT max(created_at) FROM vault.key_encryption_keys) + interval '1 millisecond')`,
      [id, new Date(nowMs)],
    );
    await journalForAll(tx, 'key.added', { keyid: id, by }, nowMs);
    return id;
  });
  return { keyId, rewrapped: await finishRewrapping(by, { nowMs }) };
}

/**
 * Wraps what still lies under an older key under the current one, batch by batch, then retires the older and removes its file,
 * also one that was cut short of being removed. Wraps nothing when no rotation is under way.
 * @returns how many data keys were wrapped anew
 */
export async function finishRewrapping(by: string, { nowMs = clockNowMs() } = {}): Promise<number> {
  let total = 0;
  if (await isUnderWay()) {
    for (let n = BATCH; n === BATCH; total += n) n = await inVaultTransaction((tx) => rewrapBatch(tx));
    await retireOlder(by, nowMs);
  }
  await removeRetired();
  return total;
}

async function isUnderWay(): Promise<boolean> {
  const found = await getVaultPool().query<{ n: number }>(
    'SELECT count(*)::int AS n FROM vault.key_encryption_keys WHERE retired_at IS NULL',
  );
  return (found.rows[0]?.n ?? 0) > 1;
}

/** Under the lock: another rotation must not end the key that this batch wraps under before it commits. */
async function rewrapBatch(tx: Tx): Promise<number> {
  await lockWrapping(tx, 'shared');
  const current = await currentKeyEncryption(tx);
  const { rows } = await tx.query<{
    tenant: string;
    subject: string;
    key_id: string;
    kek_id: string;
    wrapped: Buffer;
  }>(
    `SELECT tenant, subject, key_id, kek_id, wrapped FROM vault.subject_keys WHERE kek_id <> $1
      ORDER BY tenant, subject LIMIT ${BATCH} FOR UPDATE`,
    [current.keyId],
  );
  for (const { tenant, subject, key_id: dataKeyId, kek_id, wrapped } of rows) {
    const context = { tenant, subject, dataKeyId };
    const key = await findKeyEncryption(kek_id).unwrap(new Uint8Array(wrapped), context);
    if (!key)
      throw new Error(`The data key ${dataKeyId} does not open under the key-encryption key ${kek_id}.`);
    await tx.query(
      'UPDATE vault.subject_keys SET kek_id = $3, wrapped = $4 WHERE tenant = $1 AND subject = $2',
      [tenant, subject, current.keyId, Buffer.from(await current.wrap(key, context))],
    );
  }
  return rows.length;
}

/** Under the lock, so that nobody is just wrapping under the key that ends. */
async function retireOlder(by: string, nowMs: number): Promise<void> {
  await inVaultTransaction(async (tx) => {
    await lockWrapping(tx, 'exclusive');
    const current = await currentKeyEncryption(tx);
    const older = await tx.query<{ kek_id: string }>(
      `UPDATE vault.key_encryption_keys k SET retired_at = $2 WHERE k.kek_id <> $1 AND k.retired_at IS NULL
          AND NOT EXISTS (SELECT 1 FROM vault.subject_keys s WHERE s.kek_id = k.kek_id) RETURNING k.kek_id`,
      [current.keyId, new Date(nowMs)],
    );
    for (const { kek_id } of older.rows)
      await journalForAll(
        tx,
        'key.retired',
        { keyid: kek_id, by, retired_at: formatInstant(nowMs), compromised: false },
        nowMs,
      );
  });
}

/** Files of keys whose retirement has committed: nothing lies under them any more. */
async function removeRetired(): Promise<void> {
  const { dataDirectory } = getConfig();
  const files = listKeyEncryptionKeys(dataDirectory);
  if (files.length < 2) return;
  const retired = await getVaultPool().query<{ kek_id: string }>(
    'SELECT kek_id FROM vault.key_encryption_keys WHERE kek_id = ANY($1) AND retired_at IS NOT NULL',
    [files],
  );
  for (const { kek_id } of retired.rows) removeKeyEncryptionKey(dataDirectory, kek_id);
}

async function journalForAll(
  tx: Tx,
  kind: 'key.added' | 'key.retired',
  body: Record<string, unknown>,
  nowMs: number,
): Promise<void> {
  const tenants = await tx.query<{ id: string }>('SELECT id FROM tenants ORDER BY id');
  for (const { id: tenant } of tenants.rows)
    await journal(tx, {
      tenant,
      kind,
      id: newId('rec', nowMs),
      body: { purpose: 'vault-kek', ...body },
      occurredAtMs: nowMs,
    });
}
