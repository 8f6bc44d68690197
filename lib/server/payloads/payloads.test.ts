import { describe, expect, it } from 'vitest';
import { utf8 } from '@/lib/core/bytes';
import { getPool } from '../database/pool';
import { inTransaction } from '../database/transaction';
import { startTestConsole } from '../testing/test-console';
import { readPayload } from './read-payload';
import { storePayload } from './store-payload';

const testConsole = await startTestConsole();
const bytes = utf8('transfer to IBAN DE00 1234');
const store = (overrides: object = {}) =>
  inTransaction((tx) =>
    storePayload(tx, {
      tenant: 'bank',
      kind: 'producer_payload',
      subjects: ['tok_1'],
      mediaType: 'text/plain',
      bytes,
      ...overrides,
    }),
  );
const read = (ref: string, tenant = 'bank') => readPayload(getPool(), { tenant, ref });

describe('a payload', () => {
  it('is read back with its salted digest, under a fresh salt and nonce every time', async () => {
    const [one, two] = [await store(), await store()];
    expect(one.digest).not.toBe(two.digest);
    expect(one.digest).toMatch(/^sha3-512:[0-9a-f]{128}$/);
    expect(await read(one.ref)).toMatchObject({ bytes, mediaType: 'text/plain', digest: one.digest });
  });

  it('may be empty', async () => {
    const { ref } = await store({ bytes: new Uint8Array(0) });
    expect((await read(ref))?.bytes).toHaveLength(0);
  });

  it('is nothing to another tenant', async () => {
    const { ref } = await store();
    expect(await read(ref, 'shop')).toBeNull();
  });

  it.each([
    ['one bit of the ciphertext', 'ciphertext = set_byte(ciphertext, 0, get_byte(ciphertext, 0) # 1)'],
    [
      'the authentication tag',
      'ciphertext = set_byte(ciphertext, length(ciphertext) - 1, get_byte(ciphertext, length(ciphertext) - 1) # 1)',
    ],
    ['a cut-off tail', 'ciphertext = substring(ciphertext from 1 for 10)'],
    ['the nonce', 'nonce = set_byte(nonce, 0, get_byte(nonce, 0) # 1)'],
    ['another nonce length', `nonce = '\\x00'`],
    ['the salt', 'salt = set_byte(salt, 0, get_byte(salt, 0) # 1)'],
    ['another subject', `subject = 'tok_2'`],
    ['another key name', `key_id = '0000000000000000'`],
  ])('is not shown after somebody changed %s', async (_, change) => {
    const { ref } = await store();
    await testConsole.owner.query(`UPDATE payloads SET ${change} WHERE ref = $1`, [ref]);
    expect(await read(ref)).toBeNull();
  });

  it('is not shown when moved into another tenant', async () => {
    const { ref } = await store();
    await testConsole.owner.query(`UPDATE payloads SET tenant = 'shop' WHERE ref = $1`, [ref]);
    expect(await read(ref, 'shop')).toBeNull();
  });

  it('is gone for good once its row is deleted', async () => {
    const { ref } = await store();
    await getPool().query('DELETE FROM payloads WHERE ref = $1', [ref]);
    expect(await read(ref)).toBeNull();
  });
});
