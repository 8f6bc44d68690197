import { beforeAll, expect, it } from 'vitest';
import { claimDelivery } from '../notifications/claim-delivery';
import { startTestConsole } from '../testing/test-console';
import { createTestTenant } from '../testing/test-producer';
import { claimJob } from '../witnesses/claim-job';

const { owner } = await startTestConsole();
const NOW = Date.UTC(2026, 10, 20, 12);
const DUE = new Date(NOW - 1_000);
const NAMES = ['one', 'three', 'two'];

beforeAll(() => createTestTenant('bank'));

/**
 * Several due jobs in a table that the planner thinks holds one: it may then look for the due one anew beside each row, and
 * a lock that is skipped the second time lets that find another.
 */
async function addAll(table: string, add: (name: string) => Promise<unknown>): Promise<void> {
  for (const [n, name] of NAMES.entries()) {
    await add(name);
    if (n === 0) await owner.query(`ANALYZE ${table}`);
  }
}

async function claimAll<T>(claim: () => Promise<T | null>): Promise<T[]> {
  const claimed: T[] = [];
  for (let job = await claim(); job; job = await claim()) claimed.push(job);
  return claimed;
}

it('a claim of a witness’s job takes one, and the others stay to be claimed', async () => {
  await owner.query(
    `INSERT INTO witnesses (name, type, settings, every_seconds, enabled, demo, allow_private, added_at)
     SELECT name, 'c2sp', '{}', 0, true, false, false, $2 FROM unnest($1::text[]) AS name`,
    [NAMES, DUE],
  );
  await addAll('witness_jobs', (name) =>
    owner.query(
      `INSERT INTO witness_jobs (witness, size, kind, attempts, next_at, created_at) VALUES ($1, 1, 'stamp', 0, $2, $2)`,
      [name, DUE],
    ),
  );
  const claimed = await claimAll(() => claimJob(NOW));
  expect(claimed.map(({ witness }) => witness).sort()).toEqual(NAMES);
});

it('a claim of a delivery takes one, and the others stay to be claimed', async () => {
  await owner.query(
    `INSERT INTO notification_channels (tenant, name, type, settings, enabled, allow_private, added_at)
     VALUES ('bank', 'mail', 'email', '{}', true, false, $1)`,
    [DUE],
  );
  await owner.query(
    `INSERT INTO notifications (id, tenant, kind, ref, occasion, about, created_at)
     VALUES ('n', 'bank', 'alert', 'ref', 'once', '{"path":"/queue"}', $1)`,
    [DUE],
  );
  await addAll('notification_deliveries', (name) =>
    owner.query(
      `INSERT INTO notification_deliveries (id, notification, tenant, channel, person, state, attempts, next_at, created_at)
       VALUES ($1, 'n', 'bank', 'mail', $1, 'waiting', 0, $2, $2)`,
      [name, DUE],
    ),
  );
  const claimed = await claimAll(() => claimDelivery(NOW));
  expect(claimed.map(({ person }) => person).sort()).toEqual(NAMES);
});
