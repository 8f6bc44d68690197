import { beforeAll, describe, expect, it } from 'vitest';
import { parseCsv } from '@/lib/completeness/parse-csv';
import type { ReconciliationItem } from '@/lib/completeness/reconciliation-view';
import { utf8 } from '@/lib/core/bytes';
import { formatDigest, sha256 } from '@/lib/core/hash';
import { formatInstant } from '@/lib/core/instant';
import { readRecord } from '@/lib/decisions/read-record';
import { redeemApproval } from '../approvals/redeem';
import { reportOutcome } from '../approvals/report-outcome';
import { getPool } from '../database/pool';
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
import { newId } from '../random';
import { ingestRecords } from '../records/ingest';
import { decideEscalation } from '../reviews/decide';
import { startTestConsole } from '../testing/test-console';
import {
  createTestProducer,
  createTestTenant,
  type TestProducer,
  testDecisionBody,
} from '../testing/test-producer';
import { getCompleteness } from './get-completeness';
import { exportReconciliation, getReconciliation } from './get-reconciliation';
import { importReconciliation } from './import-reconciliation';
import { listReconciliations } from './list-reconciliations';
import { setRhythm } from './set-rhythm';

await startTestConsole();
const MINUTE_MS = 60_000;
const NOON_MS = Date.UTC(2026, 10, 10, 12);

interface Wanted {
  minute: number;
  amount: string;
  verdict?: string;
  downstream?: string;
  tool?: string;
}

/** A decision at noon and so many minutes. @returns its id */
async function decide(
  producer: TestProducer,
  { minute, amount, verdict = 'allow', downstream, tool = 'pay' }: Wanted,
) {
  const atMs = NOON_MS + minute * MINUTE_MS;
  const id = newId('dec', atMs);
  const body = testDecisionBody() as Record<string, Record<string, unknown>>;
  body.output = {
    action: { name: tool, tier: 'bounded', value: { amount, currency: 'EUR' } },
    outcome: { verdict, source: 'gateway', reason_code: 'test' },
  };
  const [stored] = await ingestRecords(null, [
    producer.record({
      id,
      occurred_at: formatInstant(atMs),
      body: { ...body, downstream: downstream ? [{ system: 'sepa', type: 'payment', id: downstream }] : [] },
    }),
  ]);
  expect(stored?.status).toBe('accepted');
  return id;
}

const request = (rows: string, overrides = {}) => ({
  system: 'sepa',
  type: 'payment',
  tools: ['pay'],
  mapping: {
    id: 'ref',
    amount: 'amount',
    currency: null,
    fixedCurrency: 'EUR',
    at: 'at',
    decimals: 'point' as const,
  },
  toleranceMinutes: 30,
  content: `ref,amount,at,payee\n${rows}`,
  ...overrides,
});
const time = (minute: number) => new Date(NOON_MS + minute * MINUTE_MS).toISOString();
const short = ({ finding, externalId, decision }: ReconciliationItem) => [finding, externalId, decision];

let producer: TestProducer;
beforeAll(async () => {
  await createTestTenant('bank');
  await createTestTenant('elsewhere');
  producer = await createTestProducer('bank');
});

describe('a list held against decisions', () => {
  it('finds what has no decision and what has no action, and keeps ids, amounts and times only', async () => {
    const paid = await decide(producer, { minute: 1, amount: '100', downstream: 'E2E-1' });
    const lost = await decide(producer, { minute: 2, amount: '250.50' });
    const quiet = await decide(producer, { minute: 3, amount: '77' });
    const refused = await decide(producer, {
      minute: 4,
      amount: '900',
      verdict: 'refuse',
      downstream: 'E2E-4',
    });
    await decide(producer, { minute: 5, amount: '1', tool: 'read' });
    await decide(await createTestProducer('elsewhere'), { minute: 5, amount: '5', downstream: 'E2E-9' });
    const content = request(
      [
        `E2E-1,100.00,${time(1)},Jane Doe`,
        `E2E-2,77.00,${time(6)},Jane Doe`,
        `E2E-4,900,${time(5)},Jane Doe`,
        `E2E-9,5,${time(5)},Jane Doe`,
        `=cmd,1,${time(5)},Jane Doe`,
        `${'jane.doe'}@example.org,1,${time(5)},Jane Doe`,
      ].join('\n'),
    );
    const { id } = await importReconciliation({ tenant: 'bank', by: 'per_x', request: content });
    const { reconciliation, items } = await getReconciliation('bank', { id, finding: null, after: 0 });
    expect(items.map(short)).toEqual([
      ['action_without_decision', 'E2E-9', null],
      ['action_despite_decision', 'E2E-4', refused],
      ['decision_without_action', null, lost],
      ['likely_match', 'E2E-2', quiet],
      ['matched', 'E2E-1', paid],
      ['unreadable', null, null],
      ['unreadable', null, null],
    ]);
    expect(reconciliation).toMatchObject({
      rows: 6,
      fileDigest: formatDigest('sha-256', sha256(utf8(content.content))),
      counts: { action_without_decision: 1, unreadable: 2 },
    });
    const record = await getPool().query<{ kind: string; envelope: Buffer }>(
      'SELECT kind, envelope FROM records WHERE stream = $1 AND position = $2',
      [reconciliation.record.stream, reconciliation.record.position],
    );
    expect(record.rows[0]?.kind).toBe('reconciliation.imported');
    const read = readRecord({ envelope: record.rows[0]?.envelope.toString('base64') ?? '' });
    expect(read.ok && read.value.payload.body).toMatchObject({
      file_digest: reconciliation.fileDigest,
      counts: { matched: 1 },
    });
    const everything = await getPool().query<{ text: string }>(
      `SELECT coalesce(string_agg(i::text, ''), '') || (SELECT string_agg(r::text, '') FROM reconciliations r) AS text
         FROM reconciliation_items i`,
    );
    expect(everything.rows[0]?.text).not.toMatch(/Jane|example\.org|cmd/);
  });

  it('follows an approval to its decision, and expects nothing of what was reported as failed', async () => {
    const org = await createOrganisation(reviewPolicy());
    const reviewer = await org.person(['reviewer']);
    const outcomes = ['forwarded', 'upstream_error', null] as const;
    for (const [index, state] of outcomes.entries()) {
      const action = largePayment(`${600 + index}.00`);
      const task = await submitPayment(org, action);
      const detail = await readEscalationPage(reviewer, task.id);
      const { approval } = await decideEscalation(reviewer, task.id, verdictOn(detail, 'approve'), at(20));
      if (!approval) throw new Error('not approved');
      await redeemApproval(org.gateway, approval.id, { token: approval.token, action }, at(25));
      if (state)
        await reportOutcome(
          org.gateway,
          approval.id,
          {
            state,
            downstream: state === 'forwarded' ? [{ system: 'sepa', type: 'payment', id: 'E2E-77' }] : [],
          },
          at(30),
        );
      const decision = await createTestProducer(org.tenant);
      const id = newId('dec', T0);
      const body = testDecisionBody() as Record<string, Record<string, unknown>>;
      body.output = {
        action: { name: 'pay', tier: 'bounded', value: { amount: `${600 + index}`, currency: 'INR' } },
        outcome: { verdict: 'escalate', source: 'gateway', reason_code: 'test' },
      };
      await ingestRecords(null, [
        decision.record({ id, occurred_at: formatInstant(T0), body: { ...body, downstream: [] } }),
      ]);
      await getPool().query('UPDATE escalations SET decision = $2 WHERE id = $1', [task.id, id]);
    }
    const mapping = { ...request('').mapping, fixedCurrency: 'INR' };
    const { id } = await importReconciliation({
      tenant: org.tenant,
      by: 'per_x',
      request: request(`E2E-77,600,${new Date(T0).toISOString()},x\n`, { mapping }),
    });
    const { items } = await getReconciliation(org.tenant, { id, finding: null, after: 0 });
    // Of the three, the failed one is not missed; the redeemed one that was never reported is.
    expect(items.map(({ finding, decidedAmount }) => [finding, decidedAmount])).toEqual([
      ['decision_without_action', '602.00'],
      ['matched', '600.00'],
    ]);
  });

  it('exports every page as CSV that no spreadsheet runs', async () => {
    const rows = Array.from({ length: 450 }, (_, i) => `+${i}+x,1,${time(40)},n`).join('\n');
    const { id } = await importReconciliation({ tenant: 'bank', by: 'per_x', request: request(rows) });
    const text = await new Response(
      await exportReconciliation('bank', { id, finding: 'action_without_decision' }),
    ).text();
    const table = parseCsv(text);
    expect(table.ok && table.value.rows.length).toBe(450);
    expect(table.ok && table.value.rows.every((row) => row[2]?.startsWith("'+"))).toBe(true);
    const first = await getReconciliation('bank', { id, finding: null, after: 0 });
    expect(first.items).toHaveLength(200);
    const ids = new Set<number>();
    for (let after: number | null = 0; after !== null; ) {
      const page = await getReconciliation('bank', { id, finding: null, after });
      for (const { n } of page.items) ids.add(n);
      after = page.next;
    }
    expect(ids.size).toBe(Object.values(first.reconciliation.counts).reduce((sum, n) => sum + (n ?? 0), 0));
  });

  it.each([
    ['a file that would have to be guessed', request('a,1\n'), /csv_ragged: line 2/],
    [
      'a column that is not there',
      request('a,1,2026-11-10,x\n', { mapping: { ...request('').mapping, id: 'nr' } }),
      /column/,
    ],
    ['no time at all', request('a,1,,x\n'), /when/],
    ['a time that ends before it begins', request('a,1,,x\n', { from: time(5), to: time(1) }), /ends before/],
  ])('refuses %s and keeps nothing', async (_name, body, detail) => {
    const before = await getPool().query('SELECT 1 FROM reconciliations');
    await expect(importReconciliation({ tenant: 'bank', by: 'per_x', request: body })).rejects.toMatchObject({
      code: 'list_invalid',
      detail: expect.stringMatching(detail),
    });
    expect((await getPool().query('SELECT 1 FROM reconciliations')).rowCount).toBe(before.rowCount);
  });

  it("is another organisation's affair only there", async () => {
    const [mine] = (await listReconciliations('bank')).reconciliations;
    await expect(
      getReconciliation('elsewhere', { id: mine?.id ?? '', finding: null, after: 0 }),
    ).rejects.toMatchObject({ code: 'not_found' });
    expect((await listReconciliations('elsewhere')).reconciliations).toEqual([]);
  });

  it('cannot be changed afterwards', async () => {
    for (const table of ['reconciliations', 'reconciliation_items'])
      await expect(getPool().query(`DELETE FROM ${table}`)).rejects.toMatchObject({ code: '42501' });
  });
});

describe('producers', () => {
  it('show holes that are open and closed, and whether a heartbeat agrees with the record', async () => {
    const tenant = await createTestTenant('watched');
    const agent = await createTestProducer(tenant);
    const occurred = (minute: number) => formatInstant(NOON_MS + minute * MINUTE_MS);
    await ingestRecords(null, [
      agent.record({ seq: 1, occurred_at: occurred(1) }),
      agent.record({ seq: 6, occurred_at: occurred(2) }),
    ]);
    await ingestRecords(null, [agent.record({ seq: 3, occurred_at: occurred(3) })]);
    await ingestRecords(null, [
      agent.record({
        seq: 7,
        kind: 'heartbeat',
        id: newId('rec'),
        occurred_at: occurred(6),
        body: { from: occurred(0), to: occurred(5), decisions: 5 },
      }),
    ]);
    await createTestProducer(tenant);
    const { producers } = await getCompleteness(tenant);
    expect(producers.map(({ streams }) => streams.length).sort()).toEqual([0, 1]);
    expect(producers.find(({ producer: id }) => id === agent.id)?.streams[0]).toMatchObject({
      openGaps: [
        { fromSeq: 2, toSeq: 2 },
        { fromSeq: 4, toSeq: 5 },
      ],
      closedGaps: [{ fromSeq: 3, toSeq: 3 }],
      closedTotal: 1,
      heartbeat: { said: 5, here: 3 },
    });
  });

  it('are expected as an administrator says, recorded once', async () => {
    const agent = await createTestProducer(await createTestTenant('set'));
    const set = (expectedSeconds: number | null) =>
      setRhythm({ tenant: 'set', producer: agent.id, expectedSeconds, by: 'per_admin' });
    await set(300);
    await set(300);
    await set(600);
    await set(null);
    const kinds = await getPool().query(
      "SELECT 1 FROM records WHERE tenant = 'set' AND kind = 'producer.changed'",
    );
    expect(kinds.rowCount).toBe(3);
    await set(60);
    expect((await getCompleteness('set')).producers[0]?.expectedSeconds).toBe(60);
    await expect(
      setRhythm({ tenant: 'bank', producer: agent.id, expectedSeconds: 1, by: 'x' }),
    ).rejects.toMatchObject({ code: 'producer_unknown' });
  });
});
