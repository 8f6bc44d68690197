import { beforeAll, describe, expect, it } from 'vitest';
import { getPool } from '../database/pool';
import { recordsOf } from '../escalations/testing/escalation-fixture';
import { ingestRecords } from '../records/ingest';
import { startTestConsole } from '../testing/test-console';
import { createTestProducer, createTestTenant, type TestProducer } from '../testing/test-producer';
import { openLog } from './open-log';
import { recoverLog } from './recover-log';
import { sequence } from './sequence';

const { owner } = await startTestConsole();
let agent: TestProducer;

const halt = () => owner.query(`UPDATE log_heads SET halted_code = 'edge_corrupt'`);
const halted = async () =>
  (await getPool().query<{ code: string | null }>('SELECT halted_code AS code FROM log_heads')).rows[0]?.code;

beforeAll(async () => {
  await createTestTenant('bank');
  await createTestTenant('clinic');
  await openLog();
  agent = await createTestProducer('bank');
  // More than one full tile, several checkpoints, one of them in the middle of a tile.
  for (const count of [3, 300, 260]) {
    await ingestRecords(
      null,
      Array.from({ length: count }, () => agent.record()),
    );
    await sequence({ force: true });
  }
});

describe('recoverLog', () => {
  it('has nothing to do while the log runs', async () => {
    await expect(recoverLog('test')).rejects.toMatchObject({ code: 'log_running' });
  });

  it('starts a sound log again, tells every organisation, and the log goes on', async () => {
    await halt();
    expect(await sequence({ force: true })).toEqual({ outcome: 'idle' });
    const recovered = await recoverLog('test');
    expect(recovered).toMatchObject({ haltedCode: 'edge_corrupt', checkpoints: 4 });
    expect(await halted()).toBeNull();
    for (const tenant of ['bank', 'clinic']) {
      const told = await recordsOf(tenant, 'verification');
      expect(told.at(-1)?.body).toMatchObject({ halted: 'edge_corrupt', by: 'test', size: recovered.size });
    }
    expect(await sequence({ force: true })).toMatchObject({ outcome: 'published' });
  });

  it('writes a lost edge anew: it follows from the entries under the signed root', async () => {
    await owner.query(`UPDATE log_heads SET edge = '\\x00'`);
    await expect(sequence({ force: true })).rejects.toMatchObject({ code: 'edge_corrupt' });
    await recoverLog('test');
    await ingestRecords(null, [agent.record()]);
    expect(await sequence({ force: true })).toMatchObject({ outcome: 'published' });
  });

  it('a log that halted over a cut tail starts again once the tail is back', async () => {
    await owner.query(`UPDATE streams SET position = position - 5 WHERE stream = $1`, [agent.id]);
    await expect(sequence({ force: true })).rejects.toMatchObject({ code: 'stream_shrunk' });
    await expect(recoverLog('test')).rejects.toMatchObject({ code: 'log_unsound' });
    expect(await halted()).toBe('stream_shrunk');
    await owner.query(`UPDATE streams SET position = position + 5 WHERE stream = $1`, [agent.id]);
    expect(await recoverLog('test')).toMatchObject({ haltedCode: 'stream_shrunk' });
  });

  const attacks: [string, string, string, string][] = [
    [
      'a link rewritten',
      'UPDATE records SET link = set_byte(link, 0, get_byte(link, 0) # 1) WHERE stream = $1 AND position = 100',
      'UPDATE records SET link = set_byte(link, 0, get_byte(link, 0) # 1) WHERE stream = $1 AND position = 100',
      'leaf_mismatch',
    ],
    [
      'a record deleted',
      'CREATE TABLE kept AS SELECT * FROM records WHERE stream = $1 AND position = 200',
      'INSERT INTO records SELECT * FROM kept',
      'records_missing',
    ],
    [
      'a leaf and its link rewritten together',
      `UPDATE records SET link = decode(repeat('ab', 64), 'hex') WHERE stream = $1 AND position = 5`,
      '',
      'leaf_mismatch',
    ],
    [
      'a tile changed',
      'UPDATE tiles SET hashes = set_byte(hashes, 70, get_byte(hashes, 70) # 1) WHERE n = 1',
      'UPDATE tiles SET hashes = set_byte(hashes, 70, get_byte(hashes, 70) # 1) WHERE n = 1',
      'tile_missing',
    ],
    [
      'an earlier checkpoint with another root',
      `UPDATE checkpoints SET root = set_byte(root, 0, get_byte(root, 0) # 1) WHERE size BETWEEN 1 AND 20`,
      `UPDATE checkpoints SET root = set_byte(root, 0, get_byte(root, 0) # 1) WHERE size BETWEEN 1 AND 20`,
      'checkpoint_mismatch',
    ],
    [
      'an earlier checkpoint’s signature changed',
      `UPDATE checkpoints SET note = set_byte(note, length(note) - 20, 65 + (get_byte(note, length(note) - 20) - 64) % 26) WHERE size BETWEEN 1 AND 20`,
      '',
      'log_key_mismatch',
    ],
  ];
  it.each(attacks)('%s: it stays halted, and says what is wrong', async (_name, tamper, undo, code) => {
    await owner.query(
      'CREATE TABLE saved_records AS SELECT * FROM records; CREATE TABLE saved_checkpoints AS SELECT * FROM checkpoints',
    );
    await owner.query(tamper, tamper.includes('$1') ? [agent.id] : []);
    if (tamper.startsWith('CREATE'))
      await owner.query(
        'DELETE FROM records r USING kept k WHERE r.stream = k.stream AND r.position = k.position',
      );
    await halt();
    await expect(recoverLog('test')).rejects.toMatchObject({
      code: 'log_unsound',
      detail: expect.stringContaining(code),
    });
    expect(await halted()).toBe(code);
    if (undo) await owner.query(undo, undo.includes('$1') ? [agent.id] : []);
    else
      await owner.query(
        `UPDATE records r SET link = s.link FROM saved_records s WHERE r.stream = s.stream AND r.position = s.position AND r.link <> s.link;
         UPDATE checkpoints c SET note = s.note FROM saved_checkpoints s WHERE c.size = s.size AND c.note <> s.note`,
      );
    await owner.query('DROP TABLE IF EXISTS kept; DROP TABLE saved_records; DROP TABLE saved_checkpoints');
    expect(await recoverLog('test')).toMatchObject({ haltedCode: code });
  });

  it('asked by two at once, it is recovered once', async () => {
    await halt();
    const results = await Promise.allSettled([recoverLog('a'), recoverLog('b')]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });
});
