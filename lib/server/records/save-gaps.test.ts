import { expect, it } from 'vitest';
import { getPool } from '../database/pool';
import { startTestConsole } from '../testing/test-console';
import { createTestProducer, createTestTenant } from '../testing/test-producer';
import { ingestRecords } from './ingest';

const console = await startTestConsole();
await createTestTenant('bank');

const holesOf = async (table: 'stream_gaps' | 'closed_gaps', stream: string) => {
  const rows = await getPool().query<{ from_seq: number; to_seq: number; noted_at: Date }>(
    `SELECT from_seq, to_seq, noted_at FROM ${table} WHERE stream = $1 ORDER BY from_seq`,
    [stream],
  );
  return rows.rows.map(({ from_seq, to_seq, noted_at }) => ({
    from: from_seq,
    to: to_seq,
    noted: noted_at.getTime(),
  }));
};

it('late numbers close a part of a hole; the rest keeps since when it is missing', async () => {
  const producer = await createTestProducer('bank');
  await ingestRecords(null, [producer.record({ seq: 1 }), producer.record({ seq: 9 })]);
  const noted = new Date('2026-11-01T08:00:00.000Z');
  await console.owner.query('UPDATE stream_gaps SET noted_at = $2 WHERE stream = $1', [producer.id, noted]);
  const [late] = await ingestRecords(null, [producer.record({ seq: 5 })]);
  expect(late).toMatchObject({ status: 'accepted' });
  const at = noted.getTime();
  expect(await holesOf('stream_gaps', producer.id)).toEqual([
    { from: 2, to: 4, noted: at },
    { from: 6, to: 8, noted: at },
  ]);
  expect(await holesOf('closed_gaps', producer.id)).toEqual([{ from: 5, to: 5, noted: at }]);
  await ingestRecords(
    null,
    [2, 3, 4].map((seq) => producer.record({ seq })),
  );
  expect(await holesOf('closed_gaps', producer.id)).toEqual([
    { from: 2, to: 4, noted: at },
    { from: 5, to: 5, noted: at },
  ]);
  expect(await holesOf('stream_gaps', producer.id)).toEqual([{ from: 6, to: 8, noted: at }]);
});

it('a hole that its own batch fills was never one', async () => {
  const producer = await createTestProducer('bank');
  await ingestRecords(
    null,
    [1, 3, 2].map((seq) => producer.record({ seq })),
  );
  expect(await holesOf('stream_gaps', producer.id)).toEqual([]);
  expect(await holesOf('closed_gaps', producer.id)).toEqual([]);
});

it('what was closed cannot be taken back by the console itself', async () => {
  await expect(getPool().query('DELETE FROM closed_gaps')).rejects.toMatchObject({ code: '42501' });
});
