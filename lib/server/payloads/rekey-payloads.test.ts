import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { concatBytes, utf8 } from '@/lib/core/bytes';
import { formatDigest, sha3_512 } from '@/lib/core/hash';
import { getPool } from '../database/pool';
import { newRandomBytes } from '../random';
import { startTestConsole } from '../testing/test-console';
import { encryptPayload, payloadKeyId } from './payload-cipher';
import { readPayload } from './read-payload';
import { rekeyPayloads } from './rekey-payloads';

const { owner } = await startTestConsole();

/** As payloads were kept before subjects had keys: under the console's one key. */
async function keepAsBefore(text: string): Promise<string> {
  const ref = `payload/${randomUUID()}`;
  const [salt, bytes] = [newRandomBytes(32), utf8(text)];
  const binding = { tenant: 'bank', subject: 'tok_1', ref, keyId: payloadKeyId() };
  const { nonce, ciphertext } = encryptPayload(bytes, binding);
  const expires = new Date(Date.now() + 86_400_000);
  await getPool().query('SELECT ensure_payload_partition($1)', [expires]);
  await getPool().query(
    `INSERT INTO payloads (ref, tenant, kind, subject, subjects, schedule, media_type, byte_count, key_id, nonce, ciphertext, salt,
       digest, created_at, expires_at)
     VALUES ($1, 'bank', 'producer_payload', 'tok_1', '{tok_1,tok_2}', 0, 'text/plain', $2, $3, $4, $5, $6, $7, now(), $8)`,
    [
      ref,
      bytes.length,
      payloadKeyId(),
      nonce,
      ciphertext,
      salt,
      formatDigest('sha3-512', sha3_512(concatBytes(salt, bytes))),
      expires,
    ],
  );
  return ref;
}

test('what lay under the one key moves under its subjects’ keys, and can be read before and after', async () => {
  const refs = [await keepAsBefore('one'), await keepAsBefore('two')];
  const broken = await keepAsBefore('three');
  await owner.query(
    'UPDATE payloads SET ciphertext = set_byte(ciphertext, 0, get_byte(ciphertext, 0) # 1) WHERE ref = $1',
    [broken],
  );
  const read = async (ref: string) => (await readPayload(getPool(), { tenant: 'bank', ref }))?.bytes;
  expect(await Promise.all(refs.map(read))).toEqual([utf8('one'), utf8('two')]);
  expect(await rekeyPayloads()).toBe(2);
  expect(await Promise.all(refs.map(read))).toEqual([utf8('one'), utf8('two')]);
  const { rows } = await owner.query<{ ref: string }>('SELECT ref FROM payloads WHERE key_id = $1', [
    payloadKeyId(),
  ]);
  expect(rows).toEqual([{ ref: broken }]);
  expect(await rekeyPayloads()).toBe(0);
  await owner.query(`DELETE FROM vault.subject_keys WHERE subject = 'tok_2'`);
  expect(await Promise.all(refs.map(read))).toEqual([undefined, undefined]);
});
