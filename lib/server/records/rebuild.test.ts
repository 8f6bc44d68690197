import { expect, test } from 'vitest';
import { getPool } from '../database/pool';
import { inTransaction } from '../database/transaction';
import { newId } from '../random';
import { startTestConsole } from '../testing/test-console';
import { createTestProducer, createTestTenant, testDecisionBody } from '../testing/test-producer';
import { foldDueDays } from './fold-days';
import { ingestRecords } from './ingest';
import { joinLateMarks } from './join-late-marks';
import { journal } from './journal';
import { PROJECTION_TABLES, rebuildProjections } from './rebuild';

await startTestConsole();
const tenants = [await createTestTenant('bank'), await createTestTenant('hospital')];

/** Which days have ended, and so are late, is the clock's to say. */
const COMPARED = PROJECTION_TABLES.filter((table) => table !== 'rollup_late');

async function snapshot(): Promise<Record<string, unknown[]>> {
  const tables: Record<string, unknown[]> = {};
  for (const table of COMPARED) {
    // When a late mark is tried next is nothing that records say.
    const columns = table === 'late_marks' ? 'tenant, owner, kind, value' : 't.*';
    const rows = await getPool().query(`SELECT ${columns} FROM ${table} t ORDER BY t::text`);
    tables[table] = rows.rows;
  }
  return tables;
}

test('projections derived again from the records equal those written live', async () => {
  for (const tenant of tenants) {
    const producer = await createTestProducer(tenant);
    const escalation = newId('esc');
    const approval = newId('apr');
    const decision = newId('dec');
    const body = {
      ...testDecisionBody(),
      guardrails: [
        { name: 'screen', version: '1', verdict: 'fail', score: '0.91', threshold: '0.8' },
        { name: 'pii', version: '1', verdict: 'pass' },
      ],
      review: { escalation_id: escalation, verdict: 'approve', approval_id: approval },
    };
    const change = {
      target: 'threshold',
      name: 'daily-limit',
      from_version: '1',
      to_version: '2',
      from_digest: `sha-256:${'a'.repeat(64)}`,
      to_digest: `sha-256:${'b'.repeat(64)}`,
      direction: 'lowered',
      summary: 'Half of what it was.',
    };
    const outcome = {
      decision_id: decision,
      approval_id: approval,
      state: 'forwarded',
      downstream: [{ system: 'core', type: 'transfer', id: '7' }],
    };
    await inTransaction(async (tx) => {
      const at = { tenant, occurredAtMs: Date.now() };
      await journal(tx, {
        ...at,
        kind: 'escalation',
        id: newId('rec'),
        body: { escalation_id: escalation, decision_id: decision },
      });
      await journal(tx, {
        ...at,
        kind: 'review',
        id: newId('rev'),
        body: { escalation_id: escalation, statement: { reviewer: 'per_1' } },
      });
      await journal(tx, {
        ...at,
        kind: 'approval.issued',
        id: newId('rec'),
        body: { approval_id: approval, escalation_id: escalation },
      });
      await journal(tx, {
        ...at,
        kind: 'approval.redeemed',
        id: newId('rec'),
        body: { approval_id: approval },
      });
      await journal(tx, {
        ...at,
        kind: 'action.outcome',
        id: newId('rec'),
        body: {
          approval_id: approval,
          state: 'forwarded',
          downstream: [{ system: 'core', type: 'transfer', id: '8' }],
        },
      });
    });
    const results = await ingestRecords(null, [
      producer.record(),
      producer.record({ id: decision, body, occurred_at: '2026-08-01T10:00:00.000Z' }),
      producer.record({ kind: 'change', body: change }),
      producer.record({ kind: 'action.outcome', body: outcome }),
      producer.record({ occurred_at: '2026-08-01T10:30:00.000Z' }),
    ]);
    expect(results.map((result) => result.status)).toEqual(Array(5).fill('accepted'));
  }
  await inTransaction((tx) => joinLateMarks(tx, Date.now()));
  await foldDueDays({ nowMs: Date.now(), quietMs: 0 });
  const live = await snapshot();
  const marks = live.decision_marks as { kind: string; value: string }[];
  // The review and the outcome named the decision before it was there.
  expect(new Set(marks.map(({ kind, value }) => `${kind}:${value}`))).toEqual(
    new Set([
      'reviewer:per_1',
      'downstream:7',
      'downstream:8',
      'downstream:tr-1',
      'guardrail:screen=fail',
      'guardrail:*=fail',
    ]),
  );
  for (const table of COMPARED) expect(live[table]?.length, table).toBeGreaterThan(0);
  const kinds = new Set((live.edges as { kind: string }[]).map(({ kind }) => kind));
  for (const kind of [
    'escalates',
    'reviews',
    'approves',
    'redeems',
    'reports',
    'created',
    'authorised_by',
    'changes',
    'replaces',
  ])
    expect(kinds, kind).toContain(kind);
  const counted = await getPool().query<{ n: number }>('SELECT count(*)::int AS n FROM records');
  expect(await rebuildProjections()).toBe(counted.rows[0]?.n);
  expect(await snapshot()).toEqual(live);
});

test('a projection that was tampered with is put right', async () => {
  const live = await snapshot();
  await getPool().query(`UPDATE decisions SET verdict = 'refuse', amount = 1`);
  await getPool().query('UPDATE rollups SET n = n + 5');
  await getPool().query('UPDATE rollup_pairs SET n = n + 5');
  await getPool().query('DELETE FROM edges');
  expect(await snapshot()).not.toEqual(live);
  await rebuildProjections();
  expect(await snapshot()).toEqual(live);
});

test('the text of a version, which no record holds, outlives a rebuild', async () => {
  const digest = `sha-256:${'c'.repeat(64)}`;
  await getPool().query(
    `INSERT INTO versions (tenant, digest, kind, name, version, content, first_seen_at)
     VALUES ('bank', $1, 'policy', 'payments', '1', 'the document', now())`,
    [digest],
  );
  await rebuildProjections();
  const rows = await getPool().query('SELECT content FROM versions WHERE digest = $1', [digest]);
  expect(rows.rows).toEqual([{ content: 'the document' }]);
});
