import { beforeAll, describe, expect, test } from 'vitest';
import { formatInstant } from '@/lib/core/instant';
import { SOURCES } from '@/lib/decisions/record-payload';
import { COUNT_LIMIT } from '@/lib/lineage/lineage-view';
import { listChanges } from '../changes/list-changes';
import { getPool } from '../database/pool';
import { getLineage, INWARD_SQL, OUTWARD_SQL } from '../lineage/get-lineage';
import { newId } from '../random';
import { foldDueDays } from '../records/fold-days';
import { ingestRecords } from '../records/ingest';
import { startTestConsole } from '../testing/test-console';
import {
  createTestProducer,
  createTestTenant,
  type TestProducer,
  testDecisionBody,
} from '../testing/test-producer';
import { getInsights } from './get-insights';

const console = await startTestConsole();
const DAY_MS = 86_400_000;
const NOW_MS = Date.UTC(2026, 10, 10, 15);
const VERDICTS = ['allow', 'allow', 'allow', 'refuse', 'escalate', 'allow', 'defer'] as const;

interface Made {
  atMs: number;
  agent: string;
  verdict: (typeof VERDICTS)[number];
  source: (typeof SOURCES)[number];
  control: string;
  rule: string;
}

/** Sixty decisions over the last 20 days, real records through the real road. */
const made: Made[] = Array.from({ length: 60 }, (_, i) => ({
  atMs: NOW_MS - Math.floor(i / 3) * DAY_MS - i * 60_000,
  agent: i % 2 === 0 ? 'shopper' : 'triage',
  verdict: VERDICTS[i % VERDICTS.length] as Made['verdict'],
  source: SOURCES[i % 3 === 0 ? 1 : 0] as Made['source'],
  control: i % 5 === 0 ? 'budget' : 'threshold',
  rule: i % 5 === 0 ? 'day-value' : 'large',
}));

let producer: TestProducer;
beforeAll(async () => {
  await createTestTenant('lumen');
  await createTestTenant('elsewhere');
  producer = await createTestProducer('lumen');
  const results = await ingestRecords(
    null,
    made.map(({ atMs, agent, verdict, source, control, rule }) => {
      const body = testDecisionBody() as {
        identity: { agent: Record<string, unknown> };
        output: Record<string, unknown>;
      };
      body.identity.agent.id = agent;
      body.output.outcome = { verdict, source, control, rule, reason_code: 'test' };
      return producer.record({ id: newId('dec', atMs), occurred_at: formatInstant(atMs), body });
    }),
  );
  expect(results.every(({ status }) => status === 'accepted')).toBe(true);
  await ingestRecords(null, [
    producer.record({
      kind: 'change',
      id: newId('rec', NOW_MS - 5 * DAY_MS),
      occurred_at: formatInstant(NOW_MS - 5 * DAY_MS),
      body: {
        target: 'threshold',
        name: 'large',
        from_version: '1',
        to_version: '2',
        direction: 'lowered',
        summary: 'Lowered.',
      },
    }),
  ]);
});

const count = (rows: readonly Made[], verdict: string) =>
  rows.filter((row) => row.verdict === verdict).length;

describe.each([
  ['before the days are folded', 0],
  ['once they are folded', 20],
])('counts are those of the records, %s', (_when, folded) => {
  beforeAll(async () => {
    if (folded > 0) await foldDueDays({ nowMs: NOW_MS + 2 * DAY_MS, quietMs: NOW_MS - Date.now() });
    const { rows } = await getPool().query('SELECT 1 FROM rollup_folds');
    expect(rows).toHaveLength(folded);
  });

  const from = Math.floor(NOW_MS / DAY_MS) * DAY_MS - 6 * DAY_MS;
  const within = made.filter(({ atMs }) => atMs >= from);

  test('in total, by day and by each dimension', async () => {
    const view = await getInsights('lumen', { days: 7 }, { nowMs: NOW_MS });
    expect(within.length).toBeGreaterThan(10);
    expect(view.totals).toEqual({
      allow: count(within, 'allow'),
      refuse: count(within, 'refuse'),
      escalate: count(within, 'escalate'),
      defer: count(within, 'defer'),
      of: within.length,
    });
    expect(view.days).toHaveLength(7);
    for (const day of view.days) {
      expect(day.of).toBe(within.filter(({ atMs }) => formatInstant(atMs).startsWith(day.day)).length);
    }
    for (const { name, of, refuse } of view.byAgent) {
      const rows = within.filter(({ agent }) => agent === name);
      expect([of, refuse]).toEqual([rows.length, count(rows, 'refuse')]);
    }
    for (const { name, of } of view.bySource)
      expect(of).toBe(within.filter(({ source }) => source === name).length);
    for (const { name, of } of view.byControl)
      expect(of).toBe(within.filter(({ control }) => control === name).length);
    const fired = view.rules.reduce((n, rule) => n + rule.n, 0);
    expect(fired).toBe(within.filter(({ verdict }) => verdict !== 'allow').length);
  });

  test('of one control, day by day, against every decision', async () => {
    const view = await getInsights('lumen', { days: 7, control: 'budget' }, { nowMs: NOW_MS });
    const spoken = within.filter(({ control }) => control === 'budget');
    for (const verdict of ['refuse', 'escalate', 'defer'] as const) {
      expect(view.totals[verdict]).toBe(count(spoken, verdict));
      for (const day of view.days) {
        const then = spoken.filter(({ atMs }) => formatInstant(atMs).startsWith(day.day));
        expect(day[verdict]).toBe(count(then, verdict));
      }
    }
    expect(view.totals.of).toBe(within.length);
    expect(count(within, 'refuse')).toBeGreaterThan(view.totals.refuse);
    const earlier = made.filter(({ atMs }) => atMs < from && atMs >= from - 7 * DAY_MS);
    const spokenEarlier = earlier.filter(({ control }) => control === 'budget');
    expect([view.before.of, view.before.escalate]).toEqual([
      earlier.length,
      count(spokenEarlier, 'escalate'),
    ]);
  });

  test('of one agent, also by what a control spoke', async () => {
    const mine = within.filter(({ agent }) => agent === 'triage');
    const view = await getInsights(
      'lumen',
      { days: 7, agent: 'triage', control: 'budget' },
      { nowMs: NOW_MS },
    );
    expect(view.byAgent.map(({ name, of }) => [name, of])).toEqual([['triage', mine.length]]);
    expect(view.totals).toMatchObject({
      of: mine.length,
      refuse: count(
        mine.filter(({ control }) => control === 'budget'),
        'refuse',
      ),
    });
    for (const { rule, control, verdict, n } of view.rules)
      expect(n).toBe(
        count(
          mine.filter((row) => row.rule === rule && row.control === control),
          verdict,
        ),
      );
    expect(view.rules.reduce((n, rule) => n + rule.n, 0)).toBe(
      mine.filter(({ verdict }) => verdict !== 'allow').length,
    );
  });

  test('of the same days before, and of one agent and source', async () => {
    const view = await getInsights(
      'lumen',
      { days: 7, agent: 'triage', source: 'gateway' },
      { nowMs: NOW_MS },
    );
    const mine = (rows: readonly Made[]) =>
      rows.filter(({ agent, source }) => agent === 'triage' && source === 'gateway');
    expect(view.totals.of).toBe(mine(within).length);
    expect(view.before.of).toBe(
      mine(made.filter(({ atMs }) => atMs < from && atMs >= from - 7 * DAY_MS)).length,
    );
  });

  test('a change stands in its window and not outside', async () => {
    expect((await getInsights('lumen', { days: 7 }, { nowMs: NOW_MS })).changes).toMatchObject([
      { name: 'large', direction: 'lowered', toVersion: '2' },
    ]);
    expect((await getInsights('lumen', { days: 7 }, { nowMs: NOW_MS + 30 * DAY_MS })).changes).toEqual([]);
    expect((await listChanges('lumen')).changes).toMatchObject([
      { name: 'large', fromVersion: '1', stream: producer.id },
    ]);
  });
});

test('another tenant sees nothing of it', async () => {
  const view = await getInsights('elsewhere', { days: 90 }, { nowMs: NOW_MS });
  expect(view.totals.of).toBe(0);
  expect(view).toMatchObject({ byAgent: [], rules: [], changes: [], reviewers: [] });
  expect((await listChanges('elsewhere')).changes).toEqual([]);
});

describe('lineage at a hub', () => {
  test('stays one hop, counts honestly, and reads indexes in both directions', async () => {
    await console.owner.query(
      `INSERT INTO edges (tenant, source, kind, target, occurred_at)
       SELECT 'lumen', 'dec_hub' || i, 'prompt', 'sha-256:' || repeat('a', 64), now() FROM generate_series(1, 20000) AS i`,
    );
    await console.owner.query('ANALYZE edges');
    const hop = await getLineage('lumen', `sha-256:${'a'.repeat(64)}`);
    expect(hop.nodes.length).toBe(41);
    expect(hop.nodes.find(({ id }) => id === hop.center)).toMatchObject({ kind: 'prompt', led: COUNT_LIMIT });
    for (const [sql, index] of [
      [OUTWARD_SQL, /edges_pkey/],
      [INWARD_SQL, /edges_reverse/],
    ] as const) {
      const plan = await getPool().query<{ 'QUERY PLAN': string }>(`EXPLAIN ${sql}`, [
        'lumen',
        'dec_hub7',
        40,
      ]);
      const text = plan.rows.map((row) => row['QUERY PLAN']).join('\n');
      expect(text).toMatch(index);
      expect(text).not.toMatch(/Seq Scan/);
    }
  });
});
