import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { utf8 } from '@/lib/core/bytes';
import { publicKeyOf } from '@/lib/core/ed25519';
import { formatInstant } from '@/lib/core/instant';
import { signEnvelope } from '@/lib/integrity/dsse';
import { getPool } from '@/lib/server/database/pool';
import { registerProducer } from '@/lib/server/producers/register-producer';
import { foldDueDays } from '@/lib/server/records/fold-days';
import { ingestRecords } from '@/lib/server/records/ingest';
import { PROJECTION_TABLES } from '@/lib/server/records/rebuild';
import { startTestConsole } from '@/lib/server/testing/test-console';
import { createTestTenant } from '@/lib/server/testing/test-producer';
import { BENCH_END_MS, BENCH_STREAMS, benchDecision, benchStream } from './bench-decision';
import { createSigner } from './create-signer';
import { loadDecisions } from './load-decisions';

const console = await startTestConsole();
const TENANT = 'bench';
const TOTAL = 1_003;
/** A stream's head and the time of acceptance are the clock's, so they are compared apart from it. */
const TABLES = [...PROJECTION_TABLES, 'records', 'streams'];
const CLOCKED = new Set(['accepted_at', 'last_seen_at', 'try_at']);

async function snapshot(): Promise<Record<string, unknown[]>> {
  const tables: Record<string, unknown[]> = {};
  for (const table of TABLES) {
    const { rows } = await getPool().query<Record<string, unknown>>(
      `SELECT t.* FROM ${table} t WHERE ${table === 'streams' || table === 'records' ? `stream LIKE 'spiffe:%'` : `t.tenant = '${TENANT}'`}
        ORDER BY t::text`,
    );
    tables[table] = rows.map((row) =>
      Object.fromEntries(Object.entries(row).filter(([name]) => !CLOCKED.has(name))),
    );
  }
  return tables;
}

async function listIndexes(): Promise<string[]> {
  const { rows } = await console.owner.query<{ indexdef: string }>(
    `SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1`,
  );
  return rows.map(({ indexdef }) => indexdef);
}

test('what the loader writes by COPY is what appending writes, table by table', async () => {
  await createTestTenant(TENANT);
  const seeds = Array.from({ length: BENCH_STREAMS }, () => new Uint8Array(randomBytes(32)));
  const signers: { keyid: string; seed: Uint8Array; sign: ReturnType<typeof createSigner> }[] = [];
  for (const [n, seed] of seeds.entries()) {
    const publicKey = publicKeyOf(seed);
    const producer = {
      tenant: TENANT,
      id: benchStream(n),
      name: `Bench ${n}`,
      kind: 'agent' as const,
      publicKey,
      by: 'test',
    };
    const { keyid } = await registerProducer(producer);
    signers.push({ keyid, seed, sign: createSigner(seed) });
  }
  const indexes = await listIndexes();

  for (let i = 0; i < TOTAL; i += 250) {
    const envelopes = Array.from({ length: Math.min(250, TOTAL - i) }, (_, at) => {
      const n = (i + at) % BENCH_STREAMS;
      const { id, occurredAt, body } = benchDecision(i + at, TOTAL);
      const stream = benchStream(n);
      const seq = Math.floor((i + at) / BENCH_STREAMS) + 1;
      const payload = { kind: 'decision', id, producer: stream, stream, seq, occurred_at: occurredAt, body };
      const signer = signers[n] as (typeof signers)[number];
      return signEnvelope(utf8(JSON.stringify(payload)), signer.keyid, signer.seed);
    });
    const results = await ingestRecords(null, envelopes);
    expect(results.filter(({ status }) => status !== 'accepted')).toEqual([]);
  }
  // Whatever the clock of this machine says, the quarter has ended.
  await foldDueDays({ nowMs: Math.max(Date.now(), BENCH_END_MS + 2 * 86_400_000), quietMs: 0 });
  const appended = await snapshot();
  for (const table of TABLES) {
    // No outcome and no change stand in the sample, and every day is folded.
    if (!['late_marks', 'changes', 'rollup_late'].includes(table))
      expect(appended[table]?.length, table).toBeGreaterThan(0);
    await console.owner.query(
      `DELETE FROM ${table} WHERE ${table === 'streams' || table === 'records' ? `stream LIKE 'spiffe:%'` : `tenant = '${TENANT}'`}`,
    );
  }

  await loadDecisions(console.owner, {
    tenant: TENANT,
    total: TOTAL,
    parts: 'everything',
    signers,
    acceptedAt: formatInstant(Date.now()),
  });
  const loaded = await snapshot();
  for (const table of TABLES) expect(loaded[table], table).toEqual(appended[table]);
  expect(await listIndexes()).toEqual(indexes);
});
