import { expect, test } from 'vitest';
import { ingestRecords } from '../records/ingest';
import { startTestConsole } from '../testing/test-console';
import { createTestProducer, createTestTenant } from '../testing/test-producer';
import { getTile } from './get-tile';
import { openLog } from './open-log';
import { MOST_BUNDLES, readBundles } from './read-bundles';
import { sequence } from './sequence';

await startTestConsole();
const tenant = await createTestTenant('bank');
const producers = [await createTestProducer(tenant), await createTestProducer(tenant)];
await openLog();

const body = { from: '2026-11-20T08:00:00.000Z', to: '2026-11-20T09:00:00.000Z', decisions: 0 };
const add = (count: number) =>
  ingestRecords(
    null,
    Array.from({ length: count }, (_, i) =>
      (producers[i % 2] as (typeof producers)[number]).record({ kind: 'heartbeat', body }),
    ),
  );

async function read(first: number, count: number): Promise<Uint8Array[]> {
  const bundles: Uint8Array[] = [];
  for await (const bundle of (await readBundles(first, count)) ?? []) bundles.push(bundle);
  return bundles;
}

// Several passes, so that bundles are made of the ends and beginnings of many runs.
for (const [n, count] of [700, 900, 1_000, 300].entries()) {
  await add(count);
  await sequence({ nowMs: Date.now() + (n + 1) * 3_600_000 });
}

test('gives the same bytes as bundle by bundle, across pages of the reading', async () => {
  const tiles = await Promise.all(Array.from({ length: 11 }, (_, n) => getTile('entries', n, 256)));
  expect(tiles.every((tile) => tile !== null)).toBe(true);
  expect(await read(0, 11)).toEqual(tiles);
  expect(await read(7, 2)).toEqual(tiles.slice(7, 9));
});

test('never reaches beyond the published checkpoint', async () => {
  expect(await readBundles(0, 12)).toBeNull();
  expect(await readBundles(11, 1)).toBeNull();
  expect(await readBundles(0, MOST_BUNDLES + 1)).toBeNull();
});
