import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { utf8 } from '@/lib/core/bytes';
import { jwkThumbprint, publicKeyOf } from '@/lib/core/ed25519';
import { signEnvelope } from '@/lib/integrity/dsse';
import { getPool } from '../database/pool';
import { ingestRecords } from '../records/ingest';
import { startTestConsole } from '../testing/test-console';
import { createTestProducer, createTestTenant } from '../testing/test-producer';
import { addProducerKey } from './add-producer-key';
import { disableProducer } from './disable-producer';
import { listProducers } from './list-producers';
import { registerProducer } from './register-producer';
import { retireProducerKey } from './retire-producer-key';

await startTestConsole();
const bank = await createTestTenant('bank');
const hospital = await createTestTenant('hospital');

const newSeed = () => new Uint8Array(randomBytes(32));
const newKey = () => publicKeyOf(newSeed());

function register(tenant: string, id: string, publicKey = newKey()) {
  return registerProducer({ tenant, id, name: 'An agent', kind: 'agent', publicKey, by: 'per_test' });
}

async function journalled(tenant: string, kind: string): Promise<Record<string, unknown>[]> {
  const rows = await getPool().query<{ envelope: Buffer }>(
    'SELECT envelope FROM records WHERE stream = $1 AND kind = $2 ORDER BY position',
    [`console/${tenant}`, kind],
  );
  return rows.rows.map(({ envelope }) => {
    const { payload } = JSON.parse(envelope.toString()) as { payload: string };
    return (JSON.parse(Buffer.from(payload, 'base64').toString()) as { body: Record<string, unknown> }).body;
  });
}

describe('registering', () => {
  test('stores producer and key and records both in the tenant’s console stream', async () => {
    const publicKey = newKey();
    const { keyid } = await register(bank, 'spiffe://bank.test/payments', publicKey);
    expect(keyid).toBe(jwkThumbprint(publicKey));
    const [listed] = await listProducers(bank);
    expect(listed).toMatchObject({
      id: 'spiffe://bank.test/payments',
      disabledAt: null,
      keys: [{ keyid, retiredAt: null }],
    });
    expect((await journalled(bank, 'producer.registered')).at(-1)).toMatchObject({
      producer: 'spiffe://bank.test/payments',
      keyid,
      by: 'per_test',
    });
  });

  const taken: readonly [attack: string, tenant: string, id: string][] = [
    ['the same id', bank, 'spiffe://taken.test/a/b'],
    ['the same id from another tenant', hospital, 'spiffe://taken.test/a/b'],
    ['an id under another tenant’s, to write into its streams', hospital, 'spiffe://taken.test/a/b/c'],
    ['an id above another tenant’s, to own its streams', hospital, 'spiffe://taken.test/a'],
  ];
  test.each(taken)('%s is refused', async (_attack, tenant, id) => {
    await register(bank, 'spiffe://taken.test/a/b').catch(() => undefined);
    await expect(register(tenant, id)).rejects.toMatchObject({ code: 'producer_exists' });
  });

  test('an id that only starts alike is another id', async () => {
    await register(bank, 'spiffe://alike.test/a');
    await expect(register(hospital, 'spiffe://alike.test/ab')).resolves.toHaveProperty('keyid');
  });

  test('a public key has one owner, and must be one that strict Ed25519 admits', async () => {
    const publicKey = newKey();
    await register(bank, 'spiffe://keys.test/one', publicKey);
    await expect(register(hospital, 'spiffe://keys.test/two', publicKey)).rejects.toMatchObject({
      code: 'key_exists',
    });
    await expect(register(bank, 'spiffe://keys.test/three', new Uint8Array(32))).rejects.toMatchObject({
      code: 'key_invalid',
    });
    await expect(register(bank, 'spiffe://keys.test/four', new Uint8Array(31))).rejects.toMatchObject({
      code: 'key_invalid',
    });
    const ids = (await listProducers(hospital)).map(({ id }) => id);
    expect(ids).not.toContain('spiffe://keys.test/two');
  });

  test('two at the same moment: one wins', async () => {
    const results = await Promise.allSettled([
      register(bank, 'spiffe://race.test/a'),
      register(hospital, 'spiffe://race.test/a/b'),
      register(bank, 'spiffe://race.test/a'),
    ]);
    const won = results.filter((result) => result.status === 'fulfilled').length;
    expect(won).toBe(1);
  });
});

describe('keys', () => {
  test('a new key signs, the retired one does not, and what it signed stays', async () => {
    const producer = await createTestProducer(bank);
    const seed = newSeed();
    const before = producer.record();
    await ingestRecords(null, [before]);
    const { keyid } = await addProducerKey({
      tenant: bank,
      producer: producer.id,
      publicKey: publicKeyOf(seed),
      by: 'per_test',
    });
    const signed = signEnvelope(utf8(JSON.stringify(producer.payload())), keyid, seed);
    expect(await ingestRecords(null, [signed])).toMatchObject([{ status: 'accepted', position: 2 }]);
    await retireProducerKey({ tenant: bank, producer: producer.id, keyid: producer.keyid, by: 'per_test' });
    expect(await ingestRecords(null, [producer.record()])).toMatchObject([
      { status: 'refused', code: 'key_retired' },
    ]);
    const stored = await getPool().query('SELECT 1 FROM records WHERE stream = $1', [producer.id]);
    expect(stored.rowCount).toBe(2);
    expect((await journalled(bank, 'key.added')).at(-1)).toMatchObject({ keyid });
    expect((await journalled(bank, 'key.retired')).at(-1)).toMatchObject({ keyid: producer.keyid });
  });

  test('another tenant’s producer answers like one that does not exist', async () => {
    const producer = await createTestProducer(bank);
    const foreign = { tenant: hospital, producer: producer.id, by: 'per_test' };
    const missing = { tenant: hospital, producer: 'spiffe://nowhere.test/x', by: 'per_test' };
    for (const target of [foreign, missing]) {
      await expect(addProducerKey({ ...target, publicKey: newKey() })).rejects.toMatchObject({
        code: 'producer_unknown',
      });
      await expect(retireProducerKey({ ...target, keyid: producer.keyid })).rejects.toMatchObject({
        code: 'producer_unknown',
      });
      await expect(disableProducer(target)).rejects.toMatchObject({ code: 'producer_unknown' });
    }
    expect(await ingestRecords(null, [producer.record()])).toMatchObject([{ status: 'accepted' }]);
  });

  test('a key is retired once, by its own producer only', async () => {
    const [one, two] = [await createTestProducer(bank), await createTestProducer(bank)];
    const retire = (producer: string, keyid: string) =>
      retireProducerKey({ tenant: bank, producer, keyid, by: 'per_test' });
    await expect(retire(one.id, two.keyid)).rejects.toMatchObject({ code: 'key_unknown' });
    const results = await Promise.allSettled([retire(one.id, one.keyid), retire(one.id, one.keyid)]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  test('a disabled producer accepts no more keys and each of its keys is recorded as retired', async () => {
    const producer = await createTestProducer(hospital);
    await disableProducer({ tenant: hospital, producer: producer.id, by: 'per_test' });
    await expect(
      addProducerKey({ tenant: hospital, producer: producer.id, publicKey: newKey(), by: 'per_test' }),
    ).rejects.toMatchObject({ code: 'producer_disabled' });
    expect(await ingestRecords(null, [producer.record()])).toMatchObject([
      { status: 'refused', code: 'producer_disabled' },
    ]);
    expect((await journalled(hospital, 'key.retired')).at(-1)).toMatchObject({
      keyid: producer.keyid,
      reason_code: 'producer_disabled',
    });
  });
});
