import { describe, expect, it } from 'vitest';
import { POST } from '@/app/api/v1/policies/simulate/route';
import { formatInstant } from '@/lib/core/instant';
import type { SimulationLine, SimulationReport } from '@/lib/policy/simulation-report';
import { paymentPolicyInput } from '@/lib/policy/testing/payment-policy';
import { type Action, actionDigest } from '@/lib/tokens/action';
import { evaluate } from '../access/evaluate';
import { getPool } from '../database/pool';
import { createPerson } from '../identity/create-person';
import { newId } from '../random';
import { ingestRecords } from '../records/ingest';
import { signInAs } from '../testing/sign-in-as';
import { startTestConsole } from '../testing/test-console';
import { createTestProducer, createTestTenant, testDecisionBody } from '../testing/test-producer';
import { publishPolicy } from './publish-policy';
import { simulatePolicy } from './simulate-policy';

await startTestConsole();
const DAY_MS = 86_400_000;
const NOW_MS = Math.floor(Date.now() / 1_000) * 1_000;

const policy = (limit: string, daily = '100000') =>
  JSON.stringify(
    paymentPolicyInput({
      tools: [
        {
          name: 'pay',
          tier: 'bounded',
          category: 'payment',
          verb: 'pay',
          amount: '/action/properties/amount',
          currency: '/action/properties/currency',
          counterparty: '/resource/id',
        },
      ],
      budgets: [
        {
          name: 'daily',
          measure: 'value',
          per: 'principal',
          tools: ['pay'],
          window: 'P1D',
          limit: daily,
          over: 'refuse',
        },
      ],
      thresholds: [
        {
          name: 'large',
          tools: ['pay'],
          on: { kind: 'per-action', above: limit, currency: 'INR' },
          then: 'escalate',
        },
        {
          name: 'first',
          tools: ['pay'],
          on: { kind: 'new-beneficiary', window: 'P30D', above: '300' },
          then: 'escalate',
        },
        {
          name: 'screened',
          tools: ['pay'],
          on: { kind: 'value-not-in', pointer: '/context/screening', values: ['clear'] },
          then: 'defer',
        },
      ],
    }),
  );

/** Real evaluations under the policy of then, and the records that a gateway would write of them, over ten days. */
async function playPast(tenant: string, count: number) {
  const gateway = await createTestProducer(await createTestTenant(tenant), { kind: 'gateway' });
  await publishPolicy({ tenant, text: policy('1000'), publishedBy: 'test' }, { nowMs: NOW_MS - 20 * DAY_MS });
  const records: Uint8Array[] = [];
  const verdicts: string[] = [];
  for (let i = 0; i < count; i++) {
    const atMs = NOW_MS - 10 * DAY_MS + i * 7_200_000;
    const amount = String(100 + ((i * 137) % 1_200));
    const principal = { type: 'customer', token: `tok_${String(i % 3).repeat(32)}` };
    const action: Action = {
      subject: { type: 'agent', id: 'payments-agent' },
      action: { name: 'pay', properties: { amount, currency: 'INR' } },
      resource: { type: 'account', id: `acct-${i % 5}` },
      context: { principal, runtime: 'prod', screening: i % 11 === 0 ? 'pending' : 'clear' },
    };
    const { context } = await evaluate({ producerId: gateway.id, tenant }, action, {}, { nowMs: atMs });
    const answer = context as {
      verdict: string;
      control: string;
      rule: string;
      reason_code: string;
      evaluation_id: string;
    };
    verdicts.push(answer.verdict);
    const body = testDecisionBody() as Record<string, Record<string, unknown>>;
    body.identity = { ...body.identity, principal };
    body.context = { policy: { id: 'payments', version: '1', digest: `sha-256:${'0'.repeat(64)}` } };
    body.output = {
      action: {
        name: 'pay',
        resource: { type: 'account', id: `acct-${i % 5}` },
        action_digest: actionDigest(action),
        tier: 'bounded',
        value: { amount, currency: 'INR' },
      },
      outcome: { ...answer, decision: undefined, source: 'gateway' },
    };
    // A gateway writes its record a moment after it was answered.
    records.push(gateway.record({ id: newId('dec', atMs), occurred_at: formatInstant(atMs + 40), body }));
  }
  for (const result of await ingestRecords(null, records)) expect(result.status).toBe('accepted');
  return { gateway, verdicts };
}

async function run(tenant: string, text: string, days = 30): Promise<SimulationReport> {
  const lines: SimulationLine[] = [];
  const asked = { text, days, examples: true, signal: new AbortController().signal };
  for await (const line of simulatePolicy(tenant, asked, { nowMs: NOW_MS })) lines.push(line);
  const last = lines.at(-1);
  if (last?.type !== 'result') throw new Error('no result');
  expect(lines[0]).toMatchObject({ type: 'progress' });
  return last.report;
}

const COUNT = 110;
const { gateway, verdicts } = await playPast('bank', COUNT);

describe('over decisions that this console evaluated', () => {
  it('the policy of then ends every one of them as recorded', async () => {
    expect(new Set(verdicts).size).toBeGreaterThan(2);
    expect(await run('bank', policy('1000'))).toMatchObject({
      decisions: COUNT,
      evaluated: COUNT,
      unchanged: COUNT,
      moved: [],
      notEvaluated: [],
      check: { asked: COUNT, agreed: COUNT },
    });
  });

  it('a lower threshold escalates exactly those above it that were allowed', async () => {
    const report = await run('bank', policy('700'));
    const expected = await getPool().query<{ id: string }>(
      "SELECT id FROM decisions WHERE tenant = 'bank' AND verdict = 'allow' AND amount > 700 ORDER BY occurred_at, id",
    );
    expect(expected.rows.length).toBeGreaterThan(5);
    expect(report.moved).toMatchObject([
      {
        from: 'allow',
        to: 'escalate',
        n: expected.rows.length,
        rules: [{ rule: 'large', n: expected.rows.length }],
        examples: expected.rows.slice(0, 25).map(({ id }) => id),
      },
    ]);
  });

  it('a smaller budget refuses by what was used before, each use of its own left out', async () => {
    const report = await run('bank', policy('1000', '1500'));
    const refused = report.moved.filter(({ to }) => to === 'refuse');
    expect(refused.flatMap(({ rules }) => rules.map(({ rule }) => rule))).toContain('daily');
    const roomy = await run('bank', policy('1000', '1000000'));
    expect(roomy.moved).toEqual([]);
  });

  it('a new rule about what records do not hold is not guessed', async () => {
    const text = policy('1000').replace('/context/screening', '/context/risk');
    const report = await run('bank', text);
    expect(report.notEvaluated).toMatchObject([{ reason: 'fact_unrecorded', rule: 'screened' }]);
    expect(report.evaluated + report.notEvaluated.reduce((sum, { n }) => sum + n, 0)).toBe(COUNT);
  });

  it('sees one organisation and one window only', async () => {
    await createTestTenant('empty');
    expect(await run('empty', policy('1'))).toMatchObject({ decisions: 0, moved: [] });
    const week = await run('bank', policy('1000'), 7);
    expect(week.decisions).toBeLessThan(COUNT);
    expect(week.check.agreed).toBe(week.decisions);
  });
});

it('stops when nobody waits any more', async () => {
  const gone = new AbortController();
  const lines = simulatePolicy(
    'bank',
    { text: policy('1'), days: 30, examples: true, signal: gone.signal },
    { nowMs: NOW_MS },
  );
  gone.abort();
  expect(await lines.next()).toEqual({ done: true, value: undefined });
});

describe('POST /api/v1/policies/simulate', () => {
  const ask = async (role: 'admin' | 'auditor' | null, body: unknown) => {
    const person =
      role === null
        ? null
        : await createPerson({
            tenant: 'bank',
            email: `${newId('per')}@bank.example`,
            name: role,
            roles: [role],
            authority: null,
          });
    return POST(
      new Request('http://console.test/api/v1/policies/simulate', {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(person ? await signInAs(person.id) : { origin: 'http://console.test' }),
        },
        body: JSON.stringify(body),
      }),
    );
  };

  it('streams lines; only who may search decisions is given their ids', async () => {
    for (const [role, examples] of [
      ['admin', 0],
      ['auditor', 1],
    ] as const) {
      const response = await ask(role, { text: policy('700'), days: 30 });
      expect(response.headers.get('content-type')).toBe('application/x-ndjson');
      const lines = (await response.text())
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as SimulationLine);
      const last = lines.at(-1);
      const ids = last?.type === 'result' ? (last.report.moved[0]?.examples.length ?? -1) : -1;
      expect(Math.sign(ids), role).toBe(examples);
    }
  });

  it.each([
    ['nobody', null, { text: policy('1'), days: 30 }, 401],
    ['no policy', 'admin', { text: '{}', days: 30 }, 400],
    ['another window', 'admin', { text: policy('1'), days: 31 }, 400],
  ] as const)('refuses %s', async (_name, role, body, status) => {
    expect((await ask(role, body)).status).toBe(status);
  });
});

it('changes nothing', async () => {
  const rows = await getPool().query<{ n: number }>(
    "SELECT count(*)::bigint AS n FROM policies WHERE tenant = 'bank' UNION ALL SELECT count(*)::bigint FROM evaluations",
  );
  await run('bank', policy('1'));
  const again = await getPool().query<{ n: number }>(
    "SELECT count(*)::bigint AS n FROM policies WHERE tenant = 'bank' UNION ALL SELECT count(*)::bigint FROM evaluations",
  );
  expect(again.rows).toEqual(rows.rows);
  expect(gateway.tenant).toBe('bank');
});
