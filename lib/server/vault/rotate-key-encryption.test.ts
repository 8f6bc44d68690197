import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { utf8 } from '@/lib/core/bytes';
import { getConfig } from '../config';
import { getPool } from '../database/pool';
import { inTransaction } from '../database/transaction';
import { inVaultTransaction } from '../database/vault-pool';
import { addKeyEncryptionKey } from '../keys/key-encryption-file';
import { readPayload } from '../payloads/read-payload';
import { storePayload } from '../payloads/store-payload';
import { startTestConsole } from '../testing/test-console';
import { createTestTenant } from '../testing/test-producer';
import { listJournal } from '../testing/test-vault';
import { lockWrapping } from './lock-wrapping';
import { finishRewrapping, rotateKeyEncryption } from './rotate-key-encryption';
import { findSubjectKeys, requireSubjectKeys } from './subject-keys';

const { owner } = await startTestConsole();
const SUBJECTS = Array.from({ length: 12 }, (_, i) => `tok_${String(i).padStart(32, '0')}`);
const keyFiles = () =>
  readdirSync(join(getConfig().dataDirectory, 'keys')).filter((name) => name.endsWith('.kek'));
const wrappedUnder = async () => {
  const { rows } = await owner.query<{ kek_id: string }>('SELECT DISTINCT kek_id FROM vault.subject_keys');
  return rows.map(({ kek_id }) => kek_id);
};

beforeAll(async () => {
  await createTestTenant('bank');
});

test('a new key-encryption key wraps every data key anew; the old one is retired, recorded and its file removed', async () => {
  const before = await requireSubjectKeys('bank', SUBJECTS);
  const { ref } = await inTransaction((tx) =>
    storePayload(tx, {
      tenant: 'bank',
      kind: 'producer_payload',
      subjects: SUBJECTS.slice(0, 2),
      mediaType: 'text/plain',
      bytes: utf8('kept'),
    }),
  );
  const [oldFile] = keyFiles();
  const { keyId, rewrapped } = await rotateKeyEncryption('test');
  expect(rewrapped).toBe(SUBJECTS.length);
  expect(await wrappedUnder()).toEqual([keyId]);
  expect(keyFiles()).toEqual([`vault.${keyId}.kek`]);
  expect(keyFiles()).not.toContain(oldFile);
  expect(await findSubjectKeys('bank', SUBJECTS)).toEqual(before);
  expect((await readPayload(getPool(), { tenant: 'bank', ref }))?.bytes).toEqual(utf8('kept'));
  const told = await listJournal('bank', ['key.added', 'key.retired']);
  expect(told.filter(({ body }) => body.purpose === 'vault-kek').map(({ kind }) => kind)).toEqual([
    'key.added',
    'key.retired',
  ]);
});

test('a retired key’s file that was cut short of being removed is removed later', async () => {
  const [current] = keyFiles();
  const { keyId } = await rotateKeyEncryption('test');
  writeFileSync(join(getConfig().dataDirectory, 'keys', current as string), '00', { mode: 0o600 });
  expect(await finishRewrapping('test')).toBe(0);
  expect(keyFiles()).toEqual([`vault.${keyId}.kek`]);
});

test('nothing is wrapped anew while somebody puts another key into force', async () => {
  const id = addKeyEncryptionKey(getConfig().dataDirectory);
  await owner.query(
    `INSERT INTO vault.key_encryption_keys (kek_id, created_at) SELECT $1, max(created_at) + interval '1 second'
       FROM vault.key_encryption_keys`,
    [id],
  );
  let finishing: Promise<number> | undefined;
  await inVaultTransaction(async (tx) => {
    await lockWrapping(tx, 'exclusive');
    finishing = finishRewrapping('test');
    for (let waits = false; !waits; ) {
      const found = await owner.query(
        `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
            AND wait_event = 'advisory'`,
      );
      waits = found.rows.length > 0;
    }
    expect(await wrappedUnder()).not.toContain(id);
  });
  expect(await finishing).toBe(SUBJECTS.length);
  expect(await wrappedUnder()).toEqual([id]);
});

test('a rotation that was cut off after its commit is finished later', async () => {
  const id = addKeyEncryptionKey(getConfig().dataDirectory);
  await inVaultTransaction((tx) =>
    tx.query(
      `INSERT INTO vault.key_encryption_keys (kek_id, created_at) VALUES ($1, now() + interval '1 hour')`,
      [id],
    ),
  );
  expect(keyFiles()).toHaveLength(2);
  const before = await findSubjectKeys('bank', SUBJECTS);
  expect(await finishRewrapping('test')).toBe(SUBJECTS.length);
  expect(await wrappedUnder()).toEqual([id]);
  expect(keyFiles()).toEqual([`vault.${id}.kek`]);
  expect(await findSubjectKeys('bank', SUBJECTS)).toEqual(before);
  expect(await finishRewrapping('test')).toBe(0);
});

test('keys that are made while it rotates are lost to nobody', async () => {
  const fresh = Array.from({ length: 40 }, (_, i) => `tok_${String(1_000 + i).padStart(32, '0')}`);
  await Promise.all([
    ...fresh.map((subject) => requireSubjectKeys('bank', [subject])),
    rotateKeyEncryption('test'),
    rotateKeyEncryption('test'),
  ]);
  await finishRewrapping('test');
  expect(await findSubjectKeys('bank', fresh)).toHaveLength(fresh.length);
  expect(keyFiles()).toHaveLength(1);
});

test('a wrapped key that was moved to another subject opens nothing', async () => {
  const [one, two] = SUBJECTS;
  await owner.query(
    `UPDATE vault.subject_keys a SET wrapped = b.wrapped FROM vault.subject_keys b WHERE a.subject = $1 AND b.subject = $2`,
    [one, two],
  );
  await expect(findSubjectKeys('bank', [one as string])).rejects.toThrow(/does not open/);
});
