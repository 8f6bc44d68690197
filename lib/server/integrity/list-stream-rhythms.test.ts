import { expect, test } from 'vitest';
import { listNotices } from '@/lib/evidence/list-notices';
import { openLog } from '../log/open-log';
import { sequence } from '../log/sequence';
import { ingestRecords } from '../records/ingest';
import { startTestConsole } from '../testing/test-console';
import { createTestProducer, createTestTenant } from '../testing/test-producer';
import { getIntegrity } from './get-integrity';
import { listStreamRhythms } from './list-stream-rhythms';

const { owner } = await startTestConsole();
const tenant = await createTestTenant('bank');
const beating = await createTestProducer(tenant);
const plain = await createTestProducer(tenant);
await openLog();

const HOUR = 3_600_000;
const heartbeat = { from: '2026-11-20T08:00:00.000Z', to: '2026-11-20T08:05:00.000Z', decisions: 0 };

await ingestRecords(null, [
  ...Array.from({ length: 3 }, () => beating.record({ kind: 'heartbeat', body: heartbeat })),
  ...Array.from({ length: 40 }, () => plain.record({ kind: 'incident', body: { code: 'noted' } })),
]);
// Records come as fast as a test sends them; the pauses are set here as if they had come a minute apart.
await owner.query(
  "UPDATE records SET accepted_at = now() - interval '5 hours' + position * interval '1 minute' WHERE stream = $1",
  [plain.id],
);
await owner.query(
  "UPDATE streams SET last_seen_at = now() - interval '5 hours' + interval '40 minutes' WHERE stream = $1",
  [plain.id],
);
await owner.query("UPDATE streams SET last_seen_at = now() - interval '2 hours' WHERE stream = $1", [
  beating.id,
]);

test('tells pauses, promised heartbeats and what waits for a checkpoint', async () => {
  const rhythms = await listStreamRhythms(tenant, { nowMs: Date.now() });
  expect(rhythms.get(plain.id)).toMatchObject({ longestPauseMs: 60_000, heartbeatEveryMs: null });
  expect(rhythms.get(beating.id)).toMatchObject({ longestPauseMs: null, heartbeatEveryMs: 300_000 });
  expect(rhythms.get(beating.id)?.waitingSince).not.toBeNull();
  await sequence({ nowMs: Date.now() + HOUR });
  const after = await listStreamRhythms(tenant, { nowMs: Date.now() });
  expect(after.get(beating.id)?.waitingSince).toBeNull();
});

test('and nothing of a stream that is talking', async () => {
  const rhythms = await listStreamRhythms(tenant, { nowMs: Date.now() - 6 * HOUR });
  expect(rhythms.get(plain.id)).toMatchObject({ longestPauseMs: null, heartbeatEveryMs: null });
});

test('the page’s account of it leads to the findings', async () => {
  const view = await getIntegrity(tenant);
  const found = listNotices(view, Date.now()).map(({ code, stream }) => `${code} ${stream}`);
  expect(found.sort()).toEqual([`heartbeat_missing ${beating.id}`, `silent ${plain.id}`].sort());
});
