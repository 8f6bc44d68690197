import { beforeAll, describe, expect, it } from 'vitest';
import { DECIDE_BOUNDS_S } from '@/lib/analytics/escalation-insights';
import type { SplitDimension } from '@/lib/analytics/insights-split';
import { formatInstant } from '@/lib/core/instant';
import { getPool } from '../database/pool';
import { cancelEscalation } from '../escalations/cancel';
import { expireEscalation } from '../escalations/expire';
import {
  at,
  createOrganisation,
  largePayment,
  readEscalationPage,
  reviewPolicy,
  submitPayment,
  T0,
  verdictOn,
} from '../escalations/testing/escalation-fixture';
import { createPerson } from '../identity/create-person';
import { newId } from '../random';
import { foldDueDays } from '../records/fold-days';
import { ingestRecords } from '../records/ingest';
import { decideEscalation } from '../reviews/decide';
import { startTestConsole } from '../testing/test-console';
import { createTestProducer, createTestTenant, testDecisionBody } from '../testing/test-producer';
import { getEscalationInsights } from './get-escalation-insights';
import { getSplit } from './get-split';
import { listInsightTenants } from './list-insight-tenants';

await startTestConsole();
const DAY_MS = 86_400_000;
const NOW_MS = Date.UTC(2026, 10, 10, 15);
const VERDICTS = ['allow', 'refuse', 'escalate', 'allow', 'defer'] as const;

const made = Array.from({ length: 90 }, (_, i) => ({
  atMs: NOW_MS - Math.floor(i / 9) * DAY_MS - i * 60_000,
  tenant: i % 4 === 3 ? 'south' : 'north',
  agent: `agent-${i % 3}`,
  tool: `tool-${i % 5}`,
  source: i % 6 === 0 ? 'framework' : 'gateway',
  verdict: VERDICTS[i % 5] as (typeof VERDICTS)[number],
  control: VERDICTS[i % 5] === 'allow' ? undefined : i % 2 ? 'budget' : 'threshold',
  rule: VERDICTS[i % 5] === 'allow' ? undefined : `rule-${i % 4}`,
}));
type Made = (typeof made)[number];

beforeAll(async () => {
  for (const tenant of ['north', 'south']) {
    const producer = await createTestProducer(await createTestTenant(tenant));
    await ingestRecords(
      null,
      made
        .filter((each) => each.tenant === tenant)
        .map(({ atMs, agent, tool, source, verdict, control, rule }) => {
          const body = testDecisionBody() as {
            identity: { agent: Record<string, unknown> };
            output: { action: Record<string, unknown>; outcome: unknown };
          };
          body.identity.agent.id = agent;
          body.output.action.name = tool;
          body.output.outcome = { verdict, source, control, rule, reason_code: 'test' };
          return producer.record({ id: newId('dec', atMs), occurred_at: formatInstant(atMs), body });
        }),
    );
  }
});

const TENANTS = [
  { id: 'north', name: 'North' },
  { id: 'south', name: 'South' },
];
const from = Math.floor(NOW_MS / DAY_MS) * DAY_MS - 6 * DAY_MS;

describe.each([
  ['before the days are folded', false],
  ['once they are folded', true],
])('each dimension, day by day, equals counting by hand, %s', (_when, isFolded) => {
  beforeAll(async () => {
    if (isFolded) await foldDueDays({ nowMs: NOW_MS + 2 * DAY_MS, quietMs: NOW_MS - Date.now() });
    const { rows } = await getPool().query('SELECT 1 FROM rollup_folds');
    expect(rows.length > 0).toBe(isFolded);
  });

  it.each(['agent', 'tool', 'control', 'rule', 'source', 'tenant'] as const)(
    '%s',
    async (dimension: SplitDimension) => {
      const view = await getSplit(TENANTS, { dimension, days: 7 }, { nowMs: NOW_MS });
      const rows = made.filter(
        ({ atMs, tenant }) => atMs >= from && (dimension === 'tenant' || tenant === 'north'),
      );
      const ofAll = dimension === 'control' || dimension === 'rule';
      const values = new Set(rows.flatMap((row) => row[dimension] ?? []));
      expect(new Set(view.values.map(({ name }) => name))).toEqual(values);
      for (const value of view.values) {
        const mine = rows.filter((row) => row[dimension] === value.name);
        expect(value.days).toHaveLength(7);
        for (const day of value.days) {
          const then = (list: readonly Made[]) =>
            list.filter(({ atMs }) => formatInstant(atMs).startsWith(day.day));
          expect(day.of).toBe(then(ofAll ? rows : mine).length);
          for (const verdict of ['refuse', 'escalate', 'defer'] as const)
            expect(day[verdict]).toBe(then(mine).filter((row) => row.verdict === verdict).length);
          expect(day.allow + day.refuse + day.escalate + day.defer).toBe(day.of);
        }
        expect(value.totals.of).toBe((ofAll ? rows : mine).length);
      }
    },
  );

  it.each(['agent', 'tool', 'rule'] as const)('%s of one agent', async (dimension) => {
    const view = await getSplit(TENANTS, { dimension, days: 7, agent: 'agent-1' }, { nowMs: NOW_MS });
    const rows = made.filter(
      ({ atMs, tenant, agent }) => atMs >= from && tenant === 'north' && agent === 'agent-1',
    );
    const spoken = (list: readonly Made[]) => list.filter(({ verdict }) => verdict !== 'allow').length;
    expect(view.values.length).toBeGreaterThan(0);
    for (const { name, totals } of view.values) {
      const mine = rows.filter((row) => row[dimension] === name);
      expect([totals.of, totals.of - totals.allow]).toEqual([
        (dimension === 'rule' ? rows : mine).length,
        spoken(mine),
      ]);
    }
  });

  it('of one agent and source, and never of more than one organisation unless asked by it', async () => {
    const view = await getSplit(
      TENANTS,
      { dimension: 'tool', days: 7, agent: 'agent-1', source: 'gateway' },
      { nowMs: NOW_MS },
    );
    const rows = made.filter(
      ({ atMs, tenant, agent, source }) =>
        atMs >= from && tenant === 'north' && agent === 'agent-1' && source === 'gateway',
    );
    expect(view.values.reduce((sum, { totals }) => sum + totals.of, 0)).toBe(rows.length);
  });
});

it('lists the organisations by the roles held there, the shown one first', async () => {
  const person = await createPerson({
    tenant: 'south',
    email: 'a@x.example',
    name: 'A',
    roles: ['auditor'],
    authority: null,
  });
  await getPool().query(
    "INSERT INTO memberships (tenant, person, role, created_at) VALUES ('north', $1, 'reviewer', now())",
    [person.id],
  );
  expect(await listInsightTenants(person.id, 'south')).toEqual([{ id: 'south', name: 'south' }]);
  await getPool().query(
    "INSERT INTO memberships (tenant, person, role, created_at) VALUES ('north', $1, 'compliance', now())",
    [person.id],
  );
  expect((await listInsightTenants(person.id, 'south')).map(({ id }) => id)).toEqual(['south', 'north']);
});

describe('escalations', () => {
  it('are counted by each of their ends, with the time that people took', async () => {
    const org = await createOrganisation(reviewPolicy());
    const reviewer = await org.person(['reviewer']);
    const ask = (amount: string) => submitPayment(org, largePayment(amount));
    for (const [index, verdict] of (['approve', 'approve', 'deny'] as const).entries()) {
      const task = await ask(`${700 + index}.00`);
      const detail = await readEscalationPage(reviewer, task.id);
      await decideEscalation(reviewer, task.id, verdictOn(detail, verdict), at(40 + index));
    }
    const expired = await ask('800.00');
    await expireEscalation({ tenant: org.tenant, id: expired.id }, { nowMs: T0 + 40 * 60_000 });
    const withdrawn = await ask('900.00');
    await cancelEscalation(org.gateway, withdrawn.id, at(5));
    await ask('1000.00');
    const view = await getEscalationInsights(org.tenant, { days: 7 }, { nowMs: T0 + 3_600_000 });
    expect(view.ends).toEqual({
      approved: 2,
      denied: 1,
      expired: 1,
      cancelled: 1,
      superseded: 0,
      pending: 1,
    });
    expect(view.approvals).toEqual({ redeemed: 0, revoked: 0, unused: 2, open: 0 });
    const decided = DECIDE_BOUNDS_S.findIndex((bound) => bound > 40);
    expect(view.timeToDecide[decided]).toEqual({ approved: 2, denied: 1 });
    expect(view.timeToDecide.reduce((sum, { approved, denied }) => sum + approved + denied, 0)).toBe(3);
    expect(view.quantilesMs?.p50).toBe(41_000);
    expect(view.rules).toMatchObject([
      { rule: 'large', asked: 6, approved: 2, denied: 1, expired: 1, withdrawn: 1, pending: 1 },
    ]);
    expect(view.ruleCount).toBe(1);
    const nobody = await getEscalationInsights(org.tenant, { days: 7, agent: 'nobody' }, { nowMs: T0 });
    expect(nobody).toMatchObject({ ends: { approved: 0 }, rules: [], ruleCount: 0, quantilesMs: null });
  });
});
