import { describe, expect, test } from 'vitest';
import { equalBytes } from '@/lib/core/bytes';
import { genesisLink, nextLink, recordDigest } from '@/lib/integrity/chain';
import { getPool } from '../database/pool';
import { startTestConsole } from '../testing/test-console';
import { createTestProducer, createTestTenant } from '../testing/test-producer';
import { ingestRecords } from './ingest';

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
});
