import { beforeEach, describe, expect, it } from 'vitest';
import type { AlertSettings } from '@/lib/analytics/alert-rule';
import { CLEAR_FOR_MS } from '@/lib/analytics/judge-alert';
import { formatInstant } from '@/lib/core/instant';
import { getPool } from '../database/pool';
import { addChannel } from '../notifications/write-channel';
import { newId } from '../random';
import { ingestRecords } from '../records/ingest';
import { startTestConsole } from '../testing/test-console';
import {
  createTestProducer,
  createTestTenant,
  type TestProducer,
  testDecisionBody,
} from '../testing/test-producer';
import { evaluateAlerts } from './evaluate-alerts';
import { countOpenAlerts, listAlertRules, listAlerts } from './list-alerts';
import { writeAlertRule } from './write-alert-rule';

const console = await startTestConsole();
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const NOW_MS = Math.floor(Date.now() / HOUR_MS) * HOUR_MS - 20 * MINUTE_MS;

let tenant = '';
let producer: TestProducer;
beforeEach(async () => {
  tenant = await createTestTenant(`t${newId('rec').slice(-12)}`);
  producer = await createTestProducer(tenant);
});

const rule = (id: string, settings: AlertSettings, replace = false, enabled = true) =>
  writeAlertRule({ tenant, by: 'per_admin', rule: { id, settings, enabled }, replace });
const evaluate = (nowMs: number) => evaluateAlerts({ tenant, nowMs });
const RATE: AlertSettings = {
  kind: 'rate',
  outcome: 'refuse',
  abovePercent: 20,
  windowHours: 1,
  minimum: 10,
  agent: null,
  control: null,
};

async function decide(counts: { allow: number; refuse: number }, atMs = NOW_MS) {
  const verdicts = [...Array(counts.allow).fill('allow'), ...Array(counts.refuse).fill('refuse')];
  await ingestRecords(
    null,
    verdicts.map((verdict) => {
      const body = testDecisionBody() as { output: Record<string, unknown> };
      body.output.outcome = { verdict, source: 'gateway', reason_code: 'test' };
      return producer.record({ id: newId('dec', atMs), occurred_at: formatInstant(atMs), body });
    }),
  );
}
async function review(person: string, activeMs: number, atMs: number) {
  await console.owner.query(
    `INSERT INTO reviews (id, tenant, escalation, person, role, verdict, reason_code, reason_ref, statement, statement_digest,
       method, opened_at, decided_at, review_dwell_ms, active_ms, coverage, stream, position)
     VALUES ($1, $2, $1, $3, 'reviewer', 'approve', 'x', 'x', '', 'x', 'session', $4, $4, $5, $5, '{}', 's', 1)`,
    [newId('rev'), tenant, person, new Date(atMs), activeMs],
  );
}
const kinds = async () =>
  (
    await getPool().query<{ kind: string }>(
      "SELECT kind FROM records WHERE tenant = $1 AND kind LIKE 'alert.%' ORDER BY position",
      [tenant],
    )
  ).rows.map(({ kind }) => kind);

describe('a rate', () => {
  it('opens once above its bound, is told through the channels, and closes only after being clear for a while', async () => {
    await addChannel({
      tenant,
      by: 'per_admin',
      name: 'desk',
      type: 'webhook',
      settings: { url: 'https://desk.example/hook' },
      kinds: ['alert'],
      allowPrivate: false,
    });
    await rule('refusals', RATE);
    await decide({ allow: 7, refuse: 3 });
    expect(await evaluate(NOW_MS)).toEqual({ opened: 1, closed: 0 });
    expect(await evaluate(NOW_MS + 1_000)).toEqual({ opened: 0, closed: 0 });
    const [open] = (await listAlerts(tenant)).open;
    expect(open).toMatchObject({
      rule: 'refusals',
      scope: 'all',
      measured: { value: '30.00', bound: '20', n: 10 },
    });
    const told = await getPool().query('SELECT ref, kind FROM notifications WHERE tenant = $1', [tenant]);
    expect(told.rows).toEqual([{ ref: open?.id, kind: 'alert' }]);
    await decide({ allow: 40, refuse: 0 });
    for (const [afterMs, closed] of [
      [2_000, 0],
      [CLEAR_FOR_MS, 0],
      [CLEAR_FOR_MS + 2_000, 1],
      [CLEAR_FOR_MS + 3_000, 0],
    ] as const)
      expect((await evaluate(NOW_MS + afterMs))?.closed, String(afterMs)).toBe(closed);
    expect(await listAlerts(tenant)).toMatchObject({ open: [], closed: [{ closing: 'cleared' }] });
    expect(await kinds()).toEqual(['alert.changed', 'alert.opened', 'alert.closed']);
  });

  it('says nothing of fewer than its minimum, nor of another organisation', async () => {
    await rule('refusals', RATE);
    await decide({ allow: 0, refuse: 9 });
    expect(await evaluate(NOW_MS)).toEqual({ opened: 0, closed: 0 });
    await rule('refusals', { ...RATE, minimum: 1, agent: 'somebody-else' }, true);
    expect(await evaluate(NOW_MS)).toEqual({ opened: 0, closed: 0 });
    const other = await createTestTenant(`o${newId('rec').slice(-12)}`);
    await writeAlertRule({
      tenant: other,
      by: 'x',
      rule: { id: 'r', settings: { ...RATE, minimum: 1 }, enabled: true },
      replace: false,
    });
    expect(await evaluateAlerts({ tenant: other, nowMs: NOW_MS })).toEqual({ opened: 0, closed: 0 });
  });

  it('is asked by one process at a time', async () => {
    await rule('refusals', { ...RATE, minimum: 1 });
    await decide({ allow: 0, refuse: 2 });
    const passes = await Promise.all(Array.from({ length: 4 }, () => evaluate(NOW_MS)));
    expect(passes.reduce((sum, pass) => sum + (pass?.opened ?? 0), 0)).toBe(1);
    expect(await countOpenAlerts(tenant)).toBe(1);
  });
});

describe('what else is told', () => {
  it('a hole that stays open, by stream, until it is filled', async () => {
    await rule('holes', { kind: 'gaps', olderMinutes: 5 });
    await ingestRecords(null, [producer.record({ seq: 1 }), producer.record({ seq: 3 })]);
    expect(await evaluate(Date.now())).toEqual({ opened: 0, closed: 0 });
    const later = Date.now() + 6 * MINUTE_MS;
    expect(await evaluate(later)).toEqual({ opened: 1, closed: 0 });
    expect((await listAlerts(tenant)).open).toMatchObject([{ scope: producer.id, measured: { n: 1 } }]);
    await ingestRecords(null, [producer.record({ seq: 2 })]);
    await evaluate(later + 1);
    expect(await evaluate(later + 1 + CLEAR_FOR_MS)).toEqual({ opened: 0, closed: 1 });
  });

  it('the silence of a producer that should be heard', async () => {
    await rule('silence', { kind: 'silence' });
    await ingestRecords(null, [producer.record()]);
    await getPool().query(
      "INSERT INTO producer_rhythms (producer, expected_seconds, changed_by, changed_at) VALUES ($1, 60, 'x', now())",
      [producer.id],
    );
    expect(await evaluate(Date.now() + 90_000)).toEqual({ opened: 0, closed: 0 });
    expect(await evaluate(Date.now() + 3 * MINUTE_MS)).toEqual({ opened: 1, closed: 0 });
  });

  it('a collapse of dwell against the weeks before, of enough verdicts on both sides', async () => {
    await rule('dwell', { kind: 'dwell', belowPercent: 50, windowHours: 24, minimum: 5 });
    for (let i = 0; i < 6; i++) await review(`p${i}`, 60_000, NOW_MS - (3 + i) * 24 * HOUR_MS);
    for (let i = 0; i < 4; i++) await review(`q${i}`, 5_000, NOW_MS - i * MINUTE_MS);
    expect(await evaluate(NOW_MS)).toEqual({ opened: 0, closed: 0 });
    await review('q9', 5_000, NOW_MS);
    expect(await evaluate(NOW_MS)).toEqual({ opened: 1, closed: 0 });
    expect((await listAlerts(tenant)).open[0]?.measured).toMatchObject({ value: '8.3', n: 5 });
  });

  it('a version that nobody announced', async () => {
    await rule('drift', { kind: 'unannounced' });
    for (const [version, atMs] of [
      ['1', NOW_MS - 48 * HOUR_MS],
      ['2', NOW_MS],
    ] as const)
      await ingestRecords(null, [
        producer.record({
          occurred_at: formatInstant(atMs),
          body: { ...testDecisionBody(), guardrails: [], context: { routing: version } },
        }),
      ]);
    expect(await evaluate(NOW_MS)).toEqual({ opened: 1, closed: 0 });
    expect((await listAlerts(tenant)).open[0]?.scope).toMatch(/^seen:routing:/);
  });

  it('a backlog, and an unwitnessed log only where a policy wants witnesses', async () => {
    await rule('queue', { kind: 'backlog', waiting: 1, oldestMinutes: 30 });
    await rule('log', { kind: 'unwitnessed', olderMinutes: 1 });
    expect(await evaluate(NOW_MS)).toEqual({ opened: 0, closed: 0 });
  });
});

describe('a rule', () => {
  it('closes what it opened when it asks something else, and records each change once', async () => {
    await rule('refusals', { ...RATE, minimum: 1 });
    await decide({ allow: 0, refuse: 2 });
    await evaluate(NOW_MS);
    await rule('refusals', { ...RATE, minimum: 1 }, true);
    expect(await countOpenAlerts(tenant)).toBe(1);
    await rule('refusals', { ...RATE, minimum: 1 }, true, false);
    expect(await listAlerts(tenant)).toMatchObject({ open: [], closed: [{ closing: 'rule-changed' }] });
    expect(await evaluate(NOW_MS)).toEqual({ opened: 0, closed: 0 });
    expect(await listAlertRules(tenant)).toMatchObject([{ id: 'refusals', enabled: false }]);
    expect(await kinds()).toEqual(['alert.changed', 'alert.opened', 'alert.changed', 'alert.closed']);
  });

  it('is not added twice, nor changed where it is not', async () => {
    await rule('one', { kind: 'silence' });
    await expect(rule('one', { kind: 'silence' })).rejects.toMatchObject({ code: 'alert_rule_exists' });
    await expect(rule('two', { kind: 'silence' }, true)).rejects.toMatchObject({
      code: 'alert_rule_unknown',
    });
  });
});
