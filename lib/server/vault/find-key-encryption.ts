import { getConfig } from '../config';
import type { Tx } from '../database/transaction';
import { listKeyEncryptionKeys } from '../keys/key-encryption-file';
import { openFileKeyEncryption } from './file-key-encryption';
import type { KeyEncryption } from './key-encryption';

/**
 * The key that wraps now: the newest in the vault that is not retired. A new vault takes the one of the key directory.
 * @throws Error with a sentence for the operator when there is none, or its file is missing
 */
export async function currentKeyEncryption(tx: Tx): Promise<KeyEncryption> {
  const found = await tx.query<{ kek_id: string }>(
    `SELECT kek_id FROM vault.key_encryption_keys WHERE retired_at IS NULL ORDER BY created_at DESC, kek_id LIMIT 1`,
  );
  const known = found.rows[0]?.kek_id;
  if (known !== undefined) return findKeyEncryption(known);
  const [first] = listKeyEncryptionKeys(getConfig().dataDirectory);
  if (first === undefined)
    throw new Error('The key directory holds no vault.*.kek. Restore it from your backup.');
  await tx.query(
    `INSERT INTO vault.key_encryption_keys (kek_id, created_at) VALUES ($1, now()) ON CONFLICT DO NOTHING`,
    [first],
  );
  return findKeyEncryption(first);
}

/** The adapter of a key by its id; a service's ids would carry its scheme in front. */
export function findKeyEncryption(keyId: string): KeyEncryption {
  return openFileKeyEncryption(keyId);
}
