import { describe, expect, test } from 'vitest';
import { checkpointKeyOf, verifyCheckpoint } from '@/lib/integrity/checkpoint';
import { appendLeaves, EMPTY_EDGE, edgeRoot } from '@/lib/integrity/edge';
import { parseEntry } from '@/lib/integrity/entry';
import { consistencyProof, leafHash, verifyConsistency, verifyInclusion } from '@/lib/integrity/merkle';
import { createTileReader, parseEntryBundle, parseTile, TILE_WIDTH } from '@/lib/integrity/tile';
import { getPool } from '../database/pool';
import { inTransaction } from '../database/transaction';
import { ingestRecords } from '../records/ingest';
import { startTestConsole } from '../testing/test-console';
import { createTestProducer, createTestTenant } from '../testing/test-producer';
import { getCheckpoint } from './get-checkpoint';
import { getInclusion } from './get-inclusion';
import { getLogHealth } from './get-log-health';
import { getTile, readTile } from './get-tile';
import { logSigner } from './log-head';
import { openLog } from './open-log';
import { requireLogHealthy } from './require-log-healthy';
import { sequence } from './sequence';

const { owner } = await startTestConsole();
const tenant = await createTestTenant('bank');
const producers = [await createTestProducer(tenant), await createTestProducer(tenant)];
await openLog();

async function add(count: number) {
  const records = Array.from({ length: count }, (_, i) =>
    (producers[i % 2] as (typeof producers)[number]).record({ kind: 'heartbeat', body: heartbeat() }),
  );
  const results = await ingestRecords(null, records);
  expect(results.every((result) => result.status === 'accepted')).toBe(true);
}

function heartbeat() {
  return { from: '2026-11-20T08:00:00.000Z', to: '2026-11-20T09:00:00.000Z', decisions: 0 };
}

async function publishedSizes(): Promise<number[]> {
  const rows = await getPool().query<{ size: number }>('SELECT size FROM checkpoints ORDER BY size');
  return rows.rows.map((row) => row.size);
}

/** Everything a stranger can fetch: checkpoint, bundles, tiles, and the root recomputed from the entries. */
async function expectPublishedLog() {
  const checkpoint = await getCheckpoint();
  if (!checkpoint) throw new Error('no checkpoint');
  const signer = logSigner();
  const verified = verifyCheckpoint(checkpoint.note, {
    origin: signer.name,
    logKey: checkpointKeyOf(signer),
  });
  expect(verified).toMatchObject({ ok: true, value: { size: checkpoint.size } });
  const leaves: Uint8Array[] = [];
  for (let n = 0; n * TILE_WIDTH < checkpoint.size; n++) {
    const width = Math.min(TILE_WIDTH, checkpoint.size - n * TILE_WIDTH);
    const bundle = parseEntryBundle((await getTile('entries', n, width)) as Uint8Array, width);
    const tile = parseTile((await getTile(0, n, width)) as Uint8Array, width);
    if (!bundle.ok || !tile.ok) throw new Error('unreadable tile');
    bundle.value.forEach((entry, i) => {
      expect(parseEntry(entry).ok).toBe(true);
      expect(leafHash(entry)).toEqual(tile.value[i]);
    });
    leaves.push(...tile.value);
  }
  expect(edgeRoot(appendLeaves(EMPTY_EDGE, leaves))).toEqual(checkpoint.root);
  return { checkpoint, leaves };
}

describe('sequence', () => {
  test('starts with the signed empty tree and waits while nothing is due', async () => {
    expect(await publishedSizes()).toEqual([0]);
    // Registering the two producers journalled two records; the threshold is 1,000 or ten minutes.
    expect(await sequence()).toEqual({ outcome: 'waiting', backlog: 2 });
  });

  test('publishes after the configured time, and at once when enough wait', async () => {
    const late = await sequence({ nowMs: Date.now() + 600_001 });
    expect(late).toMatchObject({ outcome: 'published', size: 2, remaining: 0 });
    await add(1000);
    expect(await sequence()).toMatchObject({ outcome: 'published', integrated: 1000 });
    await expectPublishedLog();
  });

  test('tiles, bundles and proofs of every record verify at every growth step', async () => {
    for (const count of [1, 253, 3, 700]) {
      await add(count);
      await sequence({ force: true, maxLeaves: 300 });
      while ((await sequence({ force: true, maxLeaves: 300 })).outcome === 'published');
    }
    const { checkpoint, leaves } = await expectPublishedLog();
    const entries = await getPool().query<{ index: number; stream: string; position: number }>(
      `SELECT index + n AS index, stream, position + n AS position FROM entries, generate_series(0, count - 1) n
        WHERE (index + n) % 97 = 0 OR index + n > $1 ORDER BY 1`,
      [checkpoint.size - 3],
    );
    for (const { index, stream, position } of entries.rows) {
      const proof = await getInclusion(stream, position);
      if (!proof) throw new Error('no proof');
      expect(proof.index).toBe(index);
      expect(
        verifyInclusion({
          index,
          size: proof.size,
          leaf: leaves[index] as Uint8Array,
          proof: proof.hashes,
          root: checkpoint.root,
        }).ok,
      ).toBe(true);
    }
  });

  test('every published checkpoint is a prefix of the next', async () => {
    const rows = await getPool().query<{ size: number; root: Buffer }>(
      'SELECT size, root FROM checkpoints WHERE size > 0 ORDER BY size',
    );
    const last = rows.rows.at(-1) as { size: number; root: Buffer };
    const tiles = new Map<string, Uint8Array>();
    for (const level of [0, 1]) {
      const count = Math.floor(last.size / TILE_WIDTH ** level);
      for (let n = 0; n * TILE_WIDTH < count; n++) {
        const width = Math.min(TILE_WIDTH, count - n * TILE_WIDTH);
        tiles.set(`${level}/${n}`, await readTile({ level, n, width }));
      }
    }
    const getNode = createTileReader(last.size, ({ level, n }) => tiles.get(`${level}/${n}`) as Uint8Array);
    for (const { size, root } of rows.rows) {
      const proof = consistencyProof(size, last.size, getNode);
      if (!proof.ok) throw new Error(proof.code);
      const evidence = { size1: size, size2: last.size, root1: new Uint8Array(root), proof: proof.value };
      expect(verifyConsistency({ ...evidence, root2: new Uint8Array(last.root) }).ok).toBe(true);
    }
  });

  test('serves nothing beyond the published checkpoint', async () => {
    const { size } = (await getCheckpoint()) as { size: number };
    await add(5);
    const width = (size % TILE_WIDTH) + 1;
    expect(await getTile(0, Math.floor(size / TILE_WIDTH), width)).toBeNull();
    expect(await getTile('entries', Math.floor(size / TILE_WIDTH), width)).toBeNull();
    expect(await getTile(5, 0, 1)).toBeNull();
    expect(await getInclusion((producers[0] as { id: string }).id, 10_000)).toBeNull();
    expect((await getLogHealth()).backlogRecords).toBe(5);
  });

  test('many sequencers at once never fork nor skip', async () => {
    await add(400);
    const passes = await Promise.all(
      Array.from({ length: 6 }, () => sequence({ force: true, maxLeaves: 50 })),
    );
    const published = passes.flatMap((pass) => (pass.outcome === 'published' ? [pass.size] : []));
    expect(new Set(published).size).toBe(published.length);
    expect(published.length).toBeGreaterThan(0);
    while ((await sequence({ force: true })).outcome === 'published');
    await expectPublishedLog();
    const sizes = await publishedSizes();
    expect(new Set(sizes).size).toBe(sizes.length);
    const covered = await getPool().query<{ n: number }>('SELECT count(*)::int AS n FROM records');
    expect(sizes.at(-1)).toBe(covered.rows[0]?.n);
  });

  test('a failure before the commit leaves nothing behind', async () => {
    await add(3);
    const before = await publishedSizes();
    // The last step, the head, cannot be written: everything before it must be undone.
    await owner.query('ALTER TABLE log_heads ADD CONSTRAINT broken CHECK (size < 0) NOT VALID');
    await expect(sequence({ force: true })).rejects.toMatchObject({ code: '23514' });
    await owner.query('ALTER TABLE log_heads DROP CONSTRAINT broken');
    expect(await publishedSizes()).toEqual(before);
    expect(await sequence({ force: true })).toMatchObject({ outcome: 'published', integrated: 3 });
    await expectPublishedLog();
  });
});

describe('the log halts rather than sign a contradiction', () => {
  const tampering: readonly [string, string, string, string][] = [
    [
      'a tail of a stream cut off',
      `UPDATE streams SET position = position - 5 WHERE stream LIKE 'spiffe%'`,
      `UPDATE streams SET position = position + 5 WHERE stream LIKE 'spiffe%'`,
      'stream_shrunk',
    ],
    [
      'a stream deleted',
      `CREATE TABLE kept AS SELECT * FROM streams WHERE stream LIKE 'spiffe%'; DELETE FROM streams WHERE stream LIKE 'spiffe%'`,
      'INSERT INTO streams SELECT * FROM kept; DROP TABLE kept',
      'stream_shrunk',
    ],
    [
      'a waiting record deleted',
      `CREATE TABLE kept AS SELECT r.* FROM records r JOIN streams s USING (stream, position) WHERE s.stream LIKE 'spiffe%';
       DELETE FROM records r USING kept k WHERE r.stream = k.stream AND r.position = k.position`,
      'INSERT INTO records SELECT * FROM kept; DROP TABLE kept',
      'records_missing',
    ],
    [
      'the head rewound',
      `CREATE TABLE kept AS SELECT * FROM log_heads; UPDATE log_heads SET edge = '\\x0000000000000000', size = 0`,
      'UPDATE log_heads h SET edge = k.edge, size = k.size FROM kept k; DROP TABLE kept',
      'checkpoint_mismatch',
    ],
    [
      'the edge swapped',
      `CREATE TABLE kept AS SELECT * FROM log_heads; UPDATE log_heads SET edge = set_byte(edge, 12, (get_byte(edge, 12) + 1) % 256)`,
      'UPDATE log_heads h SET edge = k.edge FROM kept k; DROP TABLE kept',
      'checkpoint_mismatch',
    ],
    [
      'the last checkpoint signed by another key',
      `CREATE TABLE kept AS SELECT * FROM checkpoints ORDER BY size DESC LIMIT 1;
       UPDATE checkpoints c SET note = set_byte(c.note, length(c.note) - 20, 65 + (get_byte(c.note, length(c.note) - 20) - 64) % 26) FROM kept k WHERE c.size = k.size`,
      'UPDATE checkpoints c SET note = k.note FROM kept k WHERE c.size = k.size; DROP TABLE kept',
      'log_key_mismatch',
    ],
    [
      'entries behind the head',
      `INSERT INTO entries SELECT size, 'x', 1, 1, decode(repeat('00', 32), 'hex') FROM log_heads`,
      `DELETE FROM entries WHERE stream = 'x'`,
      'entries_beyond_head',
    ],
  ];
  test.each(tampering)('%s', async (_name, tamper, undo, code) => {
    await add(2);
    await owner.query(tamper);
    await expect(sequence({ force: true })).rejects.toMatchObject({ code });
    expect((await getLogHealth()).haltedCode).toBe(code);
    await expect(requireLogHealthy()).rejects.toMatchObject({ code: 'log_halted' });
    await expect(inTransaction(requireLogHealthy)).rejects.toMatchObject({ code: 'log_halted' });
    // It stays halted, also once the contradiction is gone: only a person may start it again.
    await owner.query(undo);
    expect(await sequence({ force: true })).toEqual({ outcome: 'idle' });
    await owner.query('UPDATE log_heads SET halted_code = NULL');
    await requireLogHealthy();
    expect(await sequence({ force: true })).toMatchObject({ outcome: 'published' });
  });
});
