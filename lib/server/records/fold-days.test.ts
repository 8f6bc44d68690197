import { beforeEach, describe, expect, test } from 'vitest';
import { formatInstant } from '@/lib/core/instant';
import { getPool } from '../database/pool';
import { inTransaction, type Tx } from '../database/transaction';
import { readCounts } from '../decisions/read-counts';
import { wholeDays } from '../decisions/rollup-source';
import { startTestConsole } from '../testing/test-console';
import { createTestProducer, createTestTenant, type TestProducer } from '../testing/test-producer';
import { appendToStream } from './append-to-stream';
import { checkRecord, parseSubmission, type Submission } from './check-record';
import { findProducerKeys } from './find-producer-keys';
import { foldDay, foldDueDays, listDaysToFold, lockFolds, QUIET_MS } from './fold-days';
import { ingestRecords } from './ingest';
import { rebuildProjections } from './rebuild';

const { owner } = await startTestConsole();
const DAY_MS = 86_400_000;
const DAY = new Date(Date.UTC(2026, 5, 1));
const NOON = formatInstant(DAY.getTime() + DAY_MS / 2);

let n = 0;
let tenant: string;
let producer: TestProducer;
beforeEach(async () => {
  // What an earlier test left late.
  await fold();
  n += 1;
  tenant = await createTestTenant(`org-${n}`);
  producer = await createTestProducer(tenant);
});

const fold = () => foldDueDays({ nowMs: Date.now(), quietMs: 0 });
const append = async (at = NOON) => {
  const [result] = await ingestRecords(null, [producer.record({ occurred_at: at })]);
  expect(result?.status).toBe('accepted');
};
/** How many decisions of the day the console counts. */
const counted = async () => {
  const window = wholeDays(DAY.getTime(), DAY.getTime() + DAY_MS);
  const counts = await readCounts({ tenant, window, dims: [''] });
  return counts.reduce((sum, count) => sum + count.n, 0);
};
const isMarked = async () =>
  (await getPool().query('SELECT 1 FROM rollup_late WHERE tenant = $1', [tenant])).rowCount === 1;
/** Makes the pairs say what only they can have said. */
const doctor = () => owner.query('UPDATE rollup_pairs SET n = n + 100 WHERE tenant = $1', [tenant]);
/** One decision of the day, checked and not yet appended. */
const submission = async (): Promise<Submission> => {
  const parsed = parseSubmission(producer.record({ occurred_at: NOON }));
  if (!parsed.ok) throw new Error(parsed.code);
  const keys = await findProducerKeys(new Set([producer.keyid]));
  const checked = await checkRecord(parsed.value, keys, Date.now());
  if (!checked.ok) throw new Error(checked.code);
  return checked.value;
};
const waiting = async () =>
  (
    await owner.query(
      `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    )
  ).rowCount;
/** A transaction on a connection of its own, left open until told. */
async function open(work: (tx: Tx) => Promise<unknown>) {
  const client = await getPool().connect();
  await client.query('BEGIN');
  await work(client);
  return async () => {
    await client.query('COMMIT');
    client.release();
  };
}

describe('a day', () => {
  test('is folded once it ended more than one whole day ago, and only once', async () => {
    await append();
    const due = async (nowMs: number) =>
      (await listDaysToFold(getPool(), { nowMs, quietMs: nowMs - Date.now() - 1 })).filter(
        (day) => day.tenant === tenant,
      );
    expect(await due(DAY.getTime() + 2 * DAY_MS - 1)).toEqual([]);
    expect(await due(DAY.getTime() + 2 * DAY_MS)).toEqual([{ tenant, day: DAY }]);
    expect(await fold()).toBe(1);
    expect(await fold()).toBe(0);
    expect(await isMarked()).toBe(false);
    await doctor();
    expect(await counted()).toBe(101);
  });

  test('that is still running, or ended yesterday, is not', async () => {
    await append(formatInstant(Date.now()));
    expect(await isMarked()).toBe(false);
    await append(formatInstant(Date.now() - DAY_MS));
    expect(await isMarked()).toBe(true);
    expect(await fold()).toBe(0);
  });

  test('that a decision came for since is counted from the combinations until it is folded again', async () => {
    await append();
    await fold();
    await doctor();
    await append();
    expect(await counted()).toBe(2);
    expect(await fold()).toBe(1);
    expect(await counted()).toBe(2);
    expect(await isMarked()).toBe(false);
    await doctor();
    expect(await counted()).toBe(102);
  });

  test('that decisions still come for is left until they stop', async () => {
    await append();
    const at = Date.now();
    expect(await foldDueDays({ nowMs: at })).toBe(0);
    expect(await foldDueDays({ nowMs: at + QUIET_MS })).toBe(1);
  });

  test('of one organisation is never counted for another', async () => {
    await append();
    await fold();
    const [mine, other] = [tenant, await createTestTenant(`${tenant}-other`)];
    tenant = other;
    expect(await counted()).toBe(0);
    tenant = mine;
    expect(await counted()).toBe(1);
  });
});

describe('an append beside a fold', () => {
  test('that marks the day for the first time and commits after the fold leaves it marked', async () => {
    await append();
    await fold();
    const late = await submission();
    const commit = await open((tx) => appendToStream(tx, [late], Date.now()));
    // Not seen by this fold, which does not wait for it either.
    await inTransaction((tx) => foldDay(tx, { tenant, day: DAY }));
    expect(await counted()).toBe(1);
    await commit();
    expect(await isMarked()).toBe(true);
    expect(await counted()).toBe(2);
    expect(await fold()).toBe(1);
    expect(await counted()).toBe(2);
  });

  test('that marks it again and has not committed is waited for, and counted', async () => {
    await append();
    expect(await isMarked()).toBe(true);
    const late = await submission();
    const commit = await open((tx) => appendToStream(tx, [late], Date.now()));
    const folded = fold();
    await expect.poll(waiting).toBe(1);
    expect(await counted()).toBe(1);
    await commit();
    expect(await folded).toBe(1);
    expect(await isMarked()).toBe(false);
    await doctor();
    expect(await counted()).toBe(102);
  });

  test('waits for a fold that takes its mark away, and marks the day again', async () => {
    await append();
    const late = await submission();
    const commit = await open((tx) => foldDay(tx, { tenant, day: DAY }));
    const appended = inTransaction((tx) => appendToStream(tx, [late], Date.now()));
    await expect.poll(waiting).toBe(1);
    await commit();
    await appended;
    expect(await isMarked()).toBe(true);
    expect(await counted()).toBe(2);
  });

  test('of today waits for no fold', async () => {
    await append();
    const commit = await open((tx) => foldDay(tx, { tenant, day: DAY }));
    // Were it to wait for the open transaction, this would never return.
    await append(formatInstant(Date.now()));
    await commit();
    expect(await counted()).toBe(1);
  });
});

test('several processes: one folds, the others leave it to that one', async () => {
  await append();
  const commit = await open(lockFolds);
  expect(await fold()).toBe(0);
  await commit();
  expect(await fold()).toBe(1);
});

test('a rebuild waits for a fold and throws away what it counted', async () => {
  await append();
  // A day that nothing came for since it ended has no mark that the two could meet at.
  await owner.query('DELETE FROM rollup_late WHERE tenant = $1', [tenant]);
  // As if somebody had written into the projection; the records know better.
  await owner.query('UPDATE rollup_days SET n = n + 7 WHERE tenant = $1', [tenant]);
  const commit = await open(async (tx) => {
    await lockFolds(tx);
    await foldDay(tx, { tenant, day: DAY });
  });
  const rebuilt = rebuildProjections();
  await expect.poll(waiting).toBe(1);
  await commit();
  await rebuilt;
  expect(await counted()).toBe(1);
  await doctor();
  expect(await counted()).toBe(101);
});
