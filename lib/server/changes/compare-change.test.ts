import { beforeAll, describe, expect, it } from 'vitest';
import { formatInstant } from '@/lib/core/instant';
import { parseSearchCursor } from '@/lib/decisions/search-cursor';
import { boundsOfClass, scoreClassOf } from '@/lib/producers/score-class';
import { newId } from '../random';
import { ingestRecords } from '../records/ingest';
import { startTestConsole } from '../testing/test-console';
import {
  createTestProducer,
  createTestTenant,
  type TestProducer,
  testDecisionBody,
} from '../testing/test-producer';
import { compareChange } from './compare-change';
import { listChanges } from './list-changes';

await startTestConsole();
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const NOW_MS = Date.UTC(2026, 10, 20, 12, 20);
/** At half past: its own hour belongs to neither side. */
const CHANGE_MS = NOW_MS - 4 * DAY_MS + 10 * 60_000;
const CHANGE_HOUR_MS = Math.floor(CHANGE_MS / HOUR_MS) * HOUR_MS;

interface Made {
  atMs: number;
  agent: string;
  model: string;
  verdict: 'allow' | 'refuse';
  score: string;
  threshold: string;
}

/** Eight days of one decision an hour by each of two agents, only one of which runs the model that changes. */
const made: Made[] = Array.from({ length: 8 * 24 * 2 }, (_, i) => {
  const atMs = NOW_MS - 8 * DAY_MS + Math.floor(i / 2) * HOUR_MS + 5 * 60_000;
  const after = atMs >= CHANGE_MS;
  return {
    atMs,
    agent: i % 2 === 0 ? 'payer' : 'reader',
    model: i % 2 === 0 ? (after ? '12.4' : '12.3') : '7',
    verdict: i % 2 === 0 && (after ? i % 4 === 0 : i % 40 === 0) ? 'refuse' : 'allow',
    score: i % 2 === 0 && after ? '0.71' : '0.12',
    threshold: after ? '0.60' : '0.80',
  };
});

let producer: TestProducer;
let announced = '';
beforeAll(async () => {
  await createTestTenant('bank');
  await createTestTenant('elsewhere');
  producer = await createTestProducer('bank');
  const results = await ingestRecords(
    null,
    made.map(({ atMs, agent, model, verdict, score, threshold }) => {
      const body = testDecisionBody() as {
        identity: { agent: Record<string, unknown> };
        model: Record<string, unknown>;
        output: Record<string, unknown>;
        guardrails: unknown[];
      };
      body.identity.agent.id = agent;
      body.model = { provider: 'meridian', name: agent === 'payer' ? 'finance' : 'text', version: model };
      body.output.outcome = { verdict, source: 'gateway', reason_code: 'test' };
      body.guardrails = [
        { name: 'payee-match', version: '4', verdict: 'pass', score, threshold },
        { name: 'sanctions', version: '1', verdict: 'pass' },
      ];
      return producer.record({ id: newId('dec', atMs), occurred_at: formatInstant(atMs), body });
    }),
  );
  expect(results.every(({ status }) => status === 'accepted')).toBe(true);
  announced = newId('rec', CHANGE_MS);
  await ingestRecords(null, [
    producer.record({
      kind: 'change',
      id: announced,
      occurred_at: formatInstant(CHANGE_MS),
      body: {
        target: 'model',
        name: 'finance',
        from_version: '12.3',
        to_version: '12.4',
        summary: 'Vendor update.',
      },
    }),
  ]);
});

const within = (rows: readonly Made[], { from, to }: { from: string; to: string }) =>
  rows.filter(({ atMs }) => atMs >= Date.parse(from) && atMs < Date.parse(to));

describe('an announced change', () => {
  it('is compared over equal windows, by the agents that used it, equal to counting by hand', async () => {
    const view = await compareChange('bank', { id: announced, days: 3, mayRead: true }, { nowMs: NOW_MS });
    expect(view).toMatchObject({
      spanHours: 72,
      agents: ['payer'],
      subject: { announced: true, toVersion: '12.4' },
    });
    expect([Date.parse(view.before.to), Date.parse(view.after.from)]).toEqual([
      CHANGE_HOUR_MS,
      CHANGE_HOUR_MS + HOUR_MS,
    ]);
    for (const side of ['before', 'after'] as const) {
      const rows = within(made, view[side]).filter(({ agent }) => agent === 'payer');
      expect(rows).toHaveLength(72);
      const refused = rows.filter(({ verdict }) => verdict === 'refuse').length;
      expect(view.outcomes[side]).toEqual({
        allow: 72 - refused,
        refuse: refused,
        escalate: 0,
        defer: 0,
        of: 72,
      });
      const scores = view.guardrails.find(({ name }) => name === 'payee-match')?.[side];
      expect(scores).toEqual({
        classes: [{ scoreClass: scoreClassOf(rows[0]?.score), n: 72 }],
        verdicts: { pass: 72, fail: 0, error: 0 },
        thresholds: [rows[0]?.threshold],
      });
      expect(boundsOfClass(scores?.classes[0]?.scoreClass ?? 0)).not.toBeNull();
    }
    expect(view.drift.map(({ measure, drifted, n }) => [measure, drifted, n])).toEqual([
      ['outcomes', true, [72, 72]],
      ['scores:payee-match', true, [72, 72]],
    ]);
  });

  it('has shorter windows while little time has passed, and none at all in its first hour', async () => {
    const young = await compareChange(
      'bank',
      { id: announced, days: 30, mayRead: true },
      { nowMs: CHANGE_HOUR_MS + 6 * HOUR_MS },
    );
    expect(young.spanHours).toBe(5);
    expect(young.outcomes.before.of).toBe(5);
    const newborn = await compareChange(
      'bank',
      { id: announced, days: 1, mayRead: true },
      { nowMs: CHANGE_MS + 60_000 },
    );
    expect(newborn).toMatchObject({ spanHours: 0, outcomes: { after: { of: 0 } }, drift: [] });
  });

  it.each([
    ['of another organisation', 'elsewhere', () => announced],
    ['that is a decision', 'bank', () => 'dec_019a0000-0000-7000-8000-000000000000'],
    ['of a version that nothing named', 'bank', () => 'seen:model:YQ:Yg'],
  ])('one %s is not found', async (_name, tenant, id) => {
    await expect(compareChange(tenant, { id: id(), days: 7, mayRead: true })).rejects.toMatchObject({
      code: 'not_found',
    });
  });
});

describe('what no record announced', () => {
  it('lists a lowered guardrail threshold that decisions told of, and not the announced model', async () => {
    const { changes, seen } = await listChanges('bank');
    expect(changes.map(({ id }) => id)).toEqual([announced]);
    expect(seen).toMatchObject([
      {
        kind: 'guardrail-threshold',
        name: 'payee-match',
        fromVersion: '0.80',
        toVersion: '0.60',
        direction: 'lowered',
        announced: false,
        agents: ['payer', 'reader'],
      },
    ]);
    const view = await compareChange(
      'bank',
      { id: seen[0]?.id ?? '', days: 1, mayRead: true },
      { nowMs: NOW_MS },
    );
    expect(view.subject).toMatchObject({
      announced: false,
      target: 'threshold',
      direction: 'lowered',
      record: null,
    });
    expect(view.others.map(({ id }) => id)).toEqual([announced]);
    expect((await listChanges('elsewhere')).seen).toEqual([]);
  });

  it('lists a version that came unannounced, one line for all of its kind', async () => {
    const quiet = await createTestProducer('bank');
    for (const [day, version] of ['a', 'b', 'c'].entries()) {
      const body = { ...testDecisionBody(), guardrails: [], context: { routing: version } };
      await ingestRecords(null, [
        quiet.record({ occurred_at: formatInstant(NOW_MS - (9 - day) * DAY_MS), id: newId('dec'), body }),
      ]);
    }
    const { seen } = await listChanges('bank');
    expect(seen.filter(({ kind }) => kind === 'routing')).toMatchObject([
      { toVersion: 'c', fromVersion: 'b', announced: false, times: 2 },
    ]);
  });
});

it('pages hold every change once', async () => {
  const busy = await createTestProducer(await createTestTenant('busy'));
  await ingestRecords(
    null,
    Array.from({ length: 130 }, (_, i) =>
      busy.record({
        kind: 'change',
        id: newId('rec', NOW_MS),
        // Ten at the same instant: the id decides.
        occurred_at: formatInstant(NOW_MS - Math.floor(i / 10) * HOUR_MS),
        body: { target: 'prompt', name: 'p', to_version: String(i), summary: 'Changed.' },
      }),
    ),
  );
  const first = await listChanges('busy');
  const cursor = parseSearchCursor(first.older ?? '');
  const second = await listChanges('busy', cursor.ok ? cursor.value : null);
  expect(second.older).toBeNull();
  expect(new Set([...first.changes, ...second.changes].map(({ id }) => id)).size).toBe(130);
});
