import { describe, expect, test } from 'vitest';
import { equalBytes } from '@/lib/core/bytes';
import { genesisLink, nextLink, recordDigest } from '@/lib/integrity/chain';
import { getPool } from '../database/pool';
import { inTransaction } from '../database/transaction';
import { startTestConsole } from '../testing/test-console';
import { createTestProducer, createTestTenant } from '../testing/test-producer';
import { appendToStream } from './append-to-stream';
import { checkRecord, parseSubmission, type Submission } from './check-record';
import { findProducerKeys } from './find-producer-keys';
import { ingestRecords } from './ingest';
import { journal } from './journal';
import { readStoredRecord } from './read-stored-record';

await startTestConsole();
const tenant = await createTestTenant('bank');

async function storedStream(stream: string) {
  const rows = await getPool().query<{ position: number; envelope: Buffer; link: Buffer; id: string }>(
    'SELECT position, envelope, link, id FROM records WHERE stream = $1 ORDER BY position',
    [stream],
  );
  return rows.rows;
}

/** Recomputes the chain from the stored bytes. */
async function expectChain(stream: string, length: number) {
  const rows = await storedStream(stream);
  expect(rows.map((row) => row.position)).toEqual(Array.from({ length }, (_, i) => i + 1));
  let link = genesisLink(stream);
  for (const row of rows) {
    link = nextLink(link, row.position, recordDigest(row.envelope));
    expect(equalBytes(link, row.link)).toBe(true);
  }
}

describe('ingest', () => {
  test('stores the received bytes, chained and projected', async () => {
    const producer = await createTestProducer(tenant);
    const records = Array.from({ length: 5 }, () => producer.record());
    const results = await ingestRecords(null, records);
    expect(results.map((result) => result.status)).toEqual(Array(5).fill('accepted'));
    await expectChain(producer.id, 5);
    const rows = await storedStream(producer.id);
    rows.forEach((row, i) => {
      expect(equalBytes(row.envelope, records[i] as Uint8Array)).toBe(true);
    });
    const decisions = await getPool().query('SELECT * FROM decisions WHERE stream = $1', [producer.id]);
    expect(decisions.rowCount).toBe(5);
    expect(decisions.rows[0]).toMatchObject({ amount: '18500.0000', tool: 'transfer_money', tenant });
    const rollups = await getPool().query('SELECT sum(n)::int AS n FROM rollups WHERE stream = $1', [
      producer.id,
    ]);
    expect(rollups.rows[0].n).toBe(5);
    const edges = await getPool().query('SELECT kind FROM edges WHERE tenant = $1 AND source = $2', [
      tenant,
      rows[0]?.id,
    ]);
    expect(edges.rows.map((row) => row.kind).sort()).toEqual([
      'created',
      'index',
      'input',
      'model',
      'output',
      'policy',
      'prompt',
      'retrieved',
    ]);
  });

  test('the same bytes again answer with the existing position', async () => {
    const producer = await createTestProducer(tenant);
    const record = producer.record();
    const [first, second] = await ingestRecords(null, [record, record]);
    const [third] = await ingestRecords(null, [record]);
    expect(first).toMatchObject({ status: 'accepted', position: 1 });
    expect(second).toMatchObject({ status: 'duplicate', position: 1 });
    expect(third).toMatchObject({ status: 'duplicate', position: 1 });
    await expectChain(producer.id, 1);
  });

  test('many parallel submits into several streams leave contiguous chains', async () => {
    const producers = await Promise.all([createTestProducer(tenant), createTestProducer(tenant)]);
    const calls = Array.from({ length: 60 }, (_, i) => {
      const producer = producers[i % 2] as (typeof producers)[number];
      return ingestRecords(null, [producer.record(), producer.record()]);
    });
    const results = (await Promise.all(calls)).flat();
    expect(results.every((result) => result.status === 'accepted')).toBe(true);
    for (const producer of producers) await expectChain(producer.id, 60);
  });

  test('the same records from many processes at once are stored once each', async () => {
    const producer = await createTestProducer(tenant);
    const records = Array.from({ length: 4 }, () => producer.record());
    const submissions = await checkAll(records);
    // Past the queue, which is one process's: the row lock alone must keep these apart.
    const rounds = await Promise.all(
      Array.from({ length: 8 }, () => inTransaction((tx) => appendToStream(tx, submissions, Date.now()))),
    );
    const accepted = rounds.flat().filter((result) => result.status === 'accepted');
    expect(accepted).toHaveLength(4);
    for (const round of rounds)
      expect(round.map((result) => result.status !== 'refused' && result.position)).toEqual([1, 2, 3, 4]);
    await expectChain(producer.id, 4);
  });

  test('an open append of one stream holds up no other that names the same versions', async () => {
    const [slow, quick] = [await createTestProducer(tenant), await createTestProducer(tenant)];
    await ingestRecords(null, [slow.record(), quick.record()]);
    const [first, second] = [await checkAll([slow.record()]), await checkAll([quick.record()])];
    await inTransaction(async (tx) => {
      await appendToStream(tx, first, Date.now());
      // Were it to wait for the open transaction, this would never return.
      await inTransaction((other) => appendToStream(other, second, Date.now()));
    });
    await expectChain(slow.id, 2);
    await expectChain(quick.id, 2);
  });

  test('the earliest sight of a version counts, whatever the order of arrival', async () => {
    const producer = await createTestProducer(await createTestTenant('clinic'));
    for (const occurred_at of [
      '2026-08-02T00:00:00.000Z',
      '2026-08-01T00:00:00.000Z',
      '2026-08-03T00:00:00.000Z',
    ])
      await ingestRecords(null, [producer.record({ occurred_at })]);
    const rows = await getPool().query(
      `SELECT DISTINCT first_seen_at FROM versions WHERE tenant = 'clinic' AND kind = 'prompt'`,
    );
    expect(rows.rows).toEqual([{ first_seen_at: new Date('2026-08-01T00:00:00.000Z') }]);
  });

  test('two streams of one producer are chained apart', async () => {
    const producer = await createTestProducer(tenant);
    const other = `${producer.id}/eu`;
    const results = await ingestRecords(null, [
      producer.record(),
      producer.record({ stream: other, seq: 1 }),
      producer.record({ stream: other, seq: 2 }),
    ]);
    expect(results.map((result) => result.status !== 'refused' && [result.stream, result.position])).toEqual([
      [producer.id, 1],
      [other, 1],
      [other, 2],
    ]);
    await expectChain(other, 2);
  });

  test('a call limited to one producer refuses another’s records', async () => {
    const [own, other] = [await createTestProducer(tenant), await createTestProducer(tenant)];
    const results = await ingestRecords({ producer: own.id }, [own.record(), other.record()]);
    expect(results).toMatchObject([{ status: 'accepted' }, { status: 'refused', code: 'stream_foreign' }]);
  });

  test('a journal entry and its transaction stand or fall together', async () => {
    const entry = {
      tenant,
      kind: 'verification' as const,
      id: 'rec_rolled-back',
      body: { what: 'x' },
      occurredAtMs: Date.now(),
    };
    await expect(
      inTransaction(async (tx) => {
        await journal(tx, entry);
        throw new Error('the act failed');
      }),
    ).rejects.toThrow('the act failed');
    const written = await inTransaction((tx) => journal(tx, entry));
    const rows = await storedStream(`console/${tenant}`);
    expect(rows.at(-1)).toMatchObject({ id: 'rec_rolled-back', position: written.position });
    await expectChain(`console/${tenant}`, written.position);
    await expect(inTransaction((tx) => journal(tx, entry))).rejects.toMatchObject({ code: '23505' });
  });
});

async function checkAll(records: readonly Uint8Array[]): Promise<Submission[]> {
  const envelopes = records.map(parseSubmission).flatMap((parsed) => (parsed.ok ? [parsed.value] : []));
  const keys = await findProducerKeys(
    new Set(envelopes.flatMap((e) => e.signatures.map(({ keyid }) => keyid))),
  );
  const checked = await Promise.all(envelopes.map((envelope) => checkRecord(envelope, keys, Date.now())));
  return checked.flatMap((check) => (check.ok ? [check.value] : []));
}

describe('a later minor version of the schema', () => {
  test('is kept whole, interpreted as far as it is known, and read again by whoever rebuilds', async () => {
    const producer = await createTestProducer(tenant);
    const later = { schema_version: '1.7' };
    const known = producer.payload({ ...later, id: 'dec-known' });
    (known.body as Record<string, unknown>).mood = 'a member of later days';
    const unknown = producer.payload({ ...later, id: 'dec-unknown', body: { anything: ['at', 'all'] } });
    const kind = producer.payload({ ...later, id: 'batch-1', kind: 'decision.batch', body: {} });
    const records = [known, unknown, kind].map(producer.sign);
    const results = await ingestRecords(null, records);
    expect(results.map((result) => result.status)).toEqual(['accepted', 'accepted', 'accepted']);
    await expectChain(producer.id, 3);
    const rows = await storedStream(producer.id);
    expect(rows.map((row, i) => equalBytes(row.envelope, records[i] as Uint8Array))).toEqual([
      true,
      true,
      true,
    ]);
    const found = await getPool().query('SELECT id FROM decisions WHERE stream = $1', [producer.id]);
    expect(found.rows).toEqual([{ id: 'dec-known' }]);
    expect(records.map((bytes) => readStoredRecord(bytes).body === null)).toEqual([false, true, false]);
  });

  test.each([
    ['a new kind under this schema', { kind: 'decision.batch', body: {} }],
    ['a body that this schema does not allow', { body: { anything: [] } }],
    ['a kind of the console’s', { schema_version: '1.7', kind: 'review', body: {} }],
    ['another major version', { schema_version: '2.0' }],
  ])('lets %s pass no more than before', async (_name, overrides) => {
    const producer = await createTestProducer(tenant);
    const [result] = await ingestRecords(null, [producer.record(overrides)]);
    expect(result).toMatchObject({ status: 'refused' });
  });
});
