import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { recordPayload } from '@/lib/decisions/record-payload';
import { parseEnvelope } from '@/lib/integrity/dsse';
import { type ActionFacts, counterpartyKey } from '@/lib/policy/action-facts';
import type { policyDocument } from '@/lib/policy/policy-document';
import { paymentPolicyInput, payment as policyPayment } from '@/lib/policy/testing/payment-policy';
import { type Action, actionDigest } from '@/lib/tokens/action';
import { formatToken } from '@/lib/tokens/token';
import { getPool } from '../database/pool';
import { inTransaction } from '../database/transaction';
import { getSigningKey } from '../keys/key-directory';
import { publishPolicy } from '../policies/publish-policy';
import { newId } from '../random';
import { startTestConsole } from '../testing/test-console';
import { createTestProducer, createTestTenant, type TestProducer } from '../testing/test-producer';
import { evaluate } from './evaluate';
import { recordActionUse } from './record-action-use';

type Input = z.input<typeof policyDocument>;

const testConsole = await startTestConsole();
const PUBLISHED_MS = Date.now() - 100 * 86_400_000;

function principal() {
  return { type: 'customer', token: `tok_${randomBytes(16).toString('hex')}` };
}

/** A payment of `amount` for one customer. */
function payment(amount: string, customer = principal(), to = 'acct-1'): Action {
  return policyPayment({ amount, to }, { context: { principal: customer, runtime: 'prod' } });
}

async function tenantWith(
  name: string,
  overrides: Partial<Input>,
): Promise<{ gateway: TestProducer; caller: { producerId: string; tenant: string } }> {
  const tenant = await createTestTenant(name);
  const gateway = await createTestProducer(tenant, { kind: 'gateway' });
  const text = JSON.stringify(paymentPolicyInput(overrides));
  await publishPolicy({ tenant, text, publishedBy: 'test' }, { nowMs: PUBLISHED_MS });
  return { gateway, caller: { producerId: gateway.id, tenant } };
}

const daily = (overrides: Partial<Input['budgets'][number]> = {}): Input['budgets'][number] => ({
  name: 'daily',
  measure: 'value',
  per: 'principal',
  tools: ['pay'],
  window: 'P1D',
  limit: '1000',
  over: 'refuse',
  ...overrides,
});

function escalateOn(
  name: string,
  on: Input['thresholds'][number]['on'],
  tools = ['pay'],
): Input['thresholds'][number] {
  // biome-ignore lint/suspicious/noThenProperty: the policy's word for what follows
  return { name, tools, on, then: 'escalate' };
}

function factsOf(
  customer: ReturnType<typeof principal>,
  amount: string,
  counterparty: string | null = null,
): ActionFacts {
  return {
    agent: 'payments-agent',
    principal: customer,
    runtime: 'prod',
    tool: 'pay',
    tier: 'bounded',
    category: 'payment',
    amount: { amount, currency: 'INR' },
    counterparty,
  };
}

async function recordsOf(tenant: string, kind: string) {
  const found = await getPool().query<{ envelope: Uint8Array }>(
    'SELECT envelope FROM records WHERE tenant = $1 AND kind = $2 ORDER BY position',
    [tenant, kind],
  );
  return found.rows.map(({ envelope }) => {
    const parsed = parseEnvelope(new Uint8Array(envelope));
    if (!parsed.ok) throw new Error(parsed.code);
    return recordPayload.parse(JSON.parse(Buffer.from(parsed.value.payload).toString()));
  });
}

async function usesOf(tenant: string) {
  const found = await getPool().query('SELECT * FROM action_uses WHERE tenant = $1', [tenant]);
  return found.rows;
}

let bank: Awaited<ReturnType<typeof tenantWith>>;
beforeAll(async () => {
  bank = await tenantWith('bank', {
    budgets: [daily()],
    thresholds: [escalateOn('large', { kind: 'per-action', above: '500', currency: 'INR' })],
  });
});

describe('evaluate', () => {
  it('allows, takes the budget and keeps the evaluation', async () => {
    const action = payment('400.00');
    const answer = await evaluate(bank.caller, action);
    expect(answer).toMatchObject({
      decision: true,
      context: {
        verdict: 'allow',
        control: 'grant',
        tier: 'bounded',
        action_digest: actionDigest(action),
        policy: { id: 'payments', version: 1 },
      },
    });
    expect(answer.context.access_request).toBeUndefined();
    expect(answer.context.budgets).toMatchObject([
      { name: 'daily', used: '0.00', this_action: '400.00', limit: '1000' },
    ]);
    const id = answer.context.evaluation_id;
    expect(await usesOf('bank')).toMatchObject([
      { evaluation: id, agent: 'payments-agent', amount: '400.0000', currency: 'INR', category: 'payment' },
    ]);
    const kept = await getPool().query('SELECT * FROM evaluations WHERE id = $1', [id]);
    expect(kept.rows).toMatchObject([
      { tenant: 'bank', gateway: bank.gateway.id, verdict: 'allow', requestable: false },
    ]);
  });

  it('refuses over the budget, takes nothing and journals the refusal without the counterparty', async () => {
    const customer = principal();
    await evaluate(bank.caller, payment('500.00', customer));
    await evaluate(bank.caller, payment('500.00', customer));
    const before = await usesOf('bank');
    const answer = await evaluate(bank.caller, payment('0.0001', customer, 'acct-secret'));
    expect(answer).toMatchObject({
      decision: false,
      context: { verdict: 'refuse', control: 'budget', rule: 'daily' },
    });
    expect(answer.context.access_request).toBeUndefined();
    expect(await usesOf('bank')).toHaveLength(before.length);
    const refusals = await recordsOf('bank', 'refusal');
    const refusal = refusals.find(({ id }) => id === answer.context.evaluation_id);
    expect(refusal).toMatchObject({
      stream: 'console/bank',
      body: {
        verdict: 'refuse',
        control: 'budget',
        rule: 'daily',
        reason_code: 'value_budget_exceeded',
        gateway: bank.gateway.id,
        principal: customer,
        action_digest: answer.context.action_digest,
      },
    });
    expect(JSON.stringify(refusal)).not.toContain('acct-secret');
  });

  it('an escalation is requestable for five minutes and takes no budget yet', async () => {
    const customer = principal();
    const nowMs = Date.now();
    const answer = await evaluate(bank.caller, payment('900.00', customer), {}, { nowMs });
    expect(answer).toMatchObject({
      decision: false,
      context: {
        verdict: 'escalate',
        access_request: {
          endpoint: 'http://console.test/access/v1/requests',
          evaluation_id: answer.context.evaluation_id,
          expires_at: new Date(nowMs + 300_000).toISOString(),
        },
      },
    });
    expect((await usesOf('bank')).some((use) => use.principal === customer.token)).toBe(false);
    const kept = await getPool().query('SELECT quorum, requestable FROM evaluations WHERE id = $1', [
      answer.context.evaluation_id,
    ]);
    expect(kept.rows).toEqual([{ quorum: [{ role: 'reviewer', count: 1 }], requestable: true }]);
  });

  it('what was approved counts once it is redeemed, and once only', async () => {
    const customer = principal();
    const id = newId('evl');
    const facts = factsOf(customer, '900.00');
    for (let n = 0; n < 2; n++) {
      await inTransaction((tx) => recordActionUse(tx, id, { tenant: 'bank', atMs: Date.now(), facts }));
    }
    const verdictOf = async (amount: string) =>
      (await evaluate(bank.caller, payment(amount, customer))).context.verdict;
    expect(await verdictOf('100.01')).toBe('refuse');
    expect(await verdictOf('100.00')).toBe('allow');
  });

  it('windows roll: what is older than a day no longer counts, to the millisecond', async () => {
    const customer = principal();
    const startMs = PUBLISHED_MS + 86_400_000;
    const at = async (amount: string, nowMs: number) =>
      (await evaluate(bank.caller, payment(amount, customer), {}, { nowMs })).context.verdict;
    expect(await at('500', startMs)).toBe('allow');
    expect(await at('500', startMs + 1000)).toBe('allow');
    expect(await at('500', startMs + 86_399_999)).toBe('refuse');
    expect(await at('500', startMs + 86_400_000)).toBe('allow');
  });

  it('exactly as many concurrent actions pass as one budget allows', async () => {
    const { caller } = await tenantWith('race-value', { budgets: [daily({ limit: '500' })] });
    const customer = principal();
    const answers = await Promise.all(
      Array.from({ length: 40 }, () => evaluate(caller, payment('100.00', customer))),
    );
    expect(answers.filter(({ decision }) => decision)).toHaveLength(5);
    expect(await usesOf('race-value')).toHaveLength(5);
    expect(await recordsOf('race-value', 'refusal')).toHaveLength(35);
  });

  it('the same across principals and agents where the budget is the tenant’s', async () => {
    const { caller } = await tenantWith('race-tenant', {
      grants: [{ name: 'all', agents: ['payments-*'], tools: ['pay'] }],
      budgets: [
        daily({ name: 'site', measure: 'volume', per: 'tenant', limit: '7' }),
        daily({ per: 'agent', limit: '100000' }),
      ],
    });
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, n) => {
        const action = payment('1.00');
        return evaluate(caller, { ...action, subject: { type: 'agent', id: `payments-${n % 3}` } });
      }),
    );
    expect(answers.filter(({ decision }) => decision)).toHaveLength(7);
  });

  it('of a burst across categories only the first category passes', async () => {
    const { caller } = await tenantWith('race-burst', {
      grants: [{ name: 'all', agents: ['*'], tools: ['*'] }],
      tools: [
        ...paymentPolicyInput().tools,
        { name: 'trade', tier: 'bounded', category: 'trading', verb: 'trade' },
      ],
      thresholds: [
        escalateOn('burst', { kind: 'cross-category-burst', window: 'PT1H', categories: 2 }, ['*']),
      ],
    });
    const pay = payment('1.00', principal());
    const trade = { ...pay, action: { name: 'trade' } };
    const answers = await Promise.all([pay, trade, pay, trade].map((action) => evaluate(caller, action)));
    const allowed = answers.flatMap(({ decision }, n) => (decision ? [n % 2] : []));
    expect(allowed).toHaveLength(2);
    expect(new Set(allowed).size).toBe(1);
  });

  it('a beneficiary of one customer is still new to another', async () => {
    const { caller } = await tenantWith('beneficiary', {
      thresholds: [escalateOn('new', { kind: 'new-beneficiary', window: 'P90D' })],
    });
    const [first, second] = [principal(), principal()];
    const reasonOf = async (customer: typeof first, to: string) =>
      (await evaluate(caller, payment('1.00', customer, to))).context.reason_code;
    expect(await reasonOf(first, 'acct-9')).toBe('new_beneficiary');
    const facts = factsOf(first, '900.00', counterpartyKey('acct-9'));
    await inTransaction((tx) =>
      recordActionUse(tx, newId('evl'), { tenant: caller.tenant, atMs: Date.now(), facts }),
    );
    expect(await reasonOf(first, 'acct-9')).toBe('within_authority');
    expect(await reasonOf(second, 'acct-9')).toBe('new_beneficiary');
  });

  it('another tenant’s spending and policy are not seen', async () => {
    const { caller } = await tenantWith('clinic', { budgets: [daily({ limit: '10' })] });
    const customer = principal();
    await evaluate(bank.caller, payment('400.00', customer));
    expect((await evaluate(caller, payment('10.00', customer))).decision).toBe(true);
    expect((await evaluate(caller, payment('0.01', customer))).decision).toBe(false);
    expect((await evaluate(bank.caller, payment('400.00', customer))).decision).toBe(true);
  });

  it('a tenant without a policy gets no decision', async () => {
    const tenant = await createTestTenant('empty');
    await expect(evaluate({ producerId: 'x', tenant }, payment('1.00'))).rejects.toMatchObject({
      code: 'policy_missing',
    });
    await expect(
      evaluate(bank.caller, payment('1.00'), {}, { nowMs: PUBLISHED_MS - 1 }),
    ).rejects.toMatchObject({ code: 'policy_missing' });
  });

  it.each(['refuse', 'defer'] as const)(
    'state that cannot be read: %s, recorded, nothing allowed',
    async (stateUnavailable) => {
      const { caller } = await tenantWith(`outage-${stateUnavailable}`, {
        budgets: [daily()],
        containment: { stateUnavailable },
      });
      await testConsole.owner.query('ALTER TABLE action_uses RENAME COLUMN principal TO hidden');
      try {
        const answer = await evaluate(caller, payment('1.00'));
        expect(answer).toMatchObject({
          decision: false,
          context: { verdict: stateUnavailable, control: 'containment', reason_code: 'state_unavailable' },
        });
        expect(await recordsOf(caller.tenant, 'refusal')).toMatchObject([
          { id: answer.context.evaluation_id },
        ]);
      } finally {
        await testConsole.owner.query('ALTER TABLE action_uses RENAME COLUMN hidden TO principal');
      }
      expect((await evaluate(caller, payment('1.00'))).decision).toBe(true);
    },
  );

  it('an evaluation that cannot be recorded is an error, and no budget is taken', async () => {
    const { caller } = await tenantWith('unrecorded', { budgets: [daily()] });
    await testConsole.owner.query('ALTER TABLE evaluations RENAME TO evaluations_away');
    try {
      await expect(evaluate(caller, payment('1.00'))).rejects.toThrow();
    } finally {
      await testConsole.owner.query('ALTER TABLE evaluations_away RENAME TO evaluations');
    }
    expect(await usesOf('unrecorded')).toEqual([]);
  });
});

describe('re-evaluation with an approval', () => {
  const nowMs = Date.now();
  async function tokenFor(
    action: Action,
    overrides: { aud?: string; approval?: string; version?: string } = {},
  ) {
    const policy = await getPool().query<{ digest: string }>(
      "SELECT digest FROM policies WHERE tenant = 'bank' AND version = 1",
    );
    const key = getSigningKey('approval');
    const id = overrides.approval ?? newId('apr');
    const iat = Math.floor(nowMs / 1000);
    const at = new Date(iat * 1000).toISOString();
    const token = formatToken(
      {
        iss: 'http://console.test',
        aud: overrides.aud ?? bank.gateway.id,
        sub: action.subject.id,
        act: { sub: 'customer' },
        jti: id,
        iat,
        nbf: iat,
        exp: iat + 300,
        task_id: newId('esc'),
        authorization_details: [
          {
            type: 'agent_action',
            action_digest: actionDigest(action),
            resource: action.resource,
            action: action.action,
            tier: 'bounded',
          },
        ],
        policy: { id: 'payments', version: overrides.version ?? '1', digest: policy.rows[0]!.digest },
        approvals: [
          {
            reviewer: 'per_1',
            role: 'reviewer',
            verdict: 'approve',
            reason_code: 'within-mandate',
            opened_at: at,
            decided_at: at,
            review_dwell_ms: 1,
            active_ms: 1,
            coverage: [],
            statement_digest: `sha-256:${'0'.repeat(64)}`,
            method: 'session',
          },
        ],
        record: { stream: 'console/bank', position: 1, link: `blake2b-512:${'0'.repeat(128)}` },
      },
      { kid: key.keyid, seed: key.seed },
    );
    return { id, token };
  }

  async function storeApproval(id: string, tenant = 'bank') {
    await testConsole.owner.query(
      `INSERT INTO approvals (id, tenant, escalation, audience, kid, claims, issued_at, expires_at)
       VALUES ($1, $2, $3, $4, 'kid', '\\x00', now(), now())`,
      [id, tenant, newId('esc'), bank.gateway.id],
    );
  }

  it('says redeem, and still no: only the redemption is single-use', async () => {
    const action = payment('900.00');
    const { id, token } = await tokenFor(action);
    await storeApproval(id);
    const before = await usesOf('bank');
    expect(await evaluate(bank.caller, action, { approval: token }, { nowMs })).toMatchObject({
      decision: false,
      context: {
        next_action: 'redeem',
        approval_id: id,
        redeem_endpoint: `http://console.test/access/v1/approvals/${id}/redeem`,
      },
    });
    expect(await usesOf('bank')).toHaveLength(before.length);
    await testConsole.owner.query(
      `INSERT INTO redemptions (approval, tenant, gateway, action_digest, redeemed_at, stream, position)
       VALUES ($1, 'bank', $2, 'd', now(), 'console/bank', 1)`,
      [id, bank.gateway.id],
    );
    expect(await evaluate(bank.caller, action, { approval: token }, { nowMs })).toMatchObject({
      decision: false,
      context: { reason_code: 'already_redeemed', next_action: 'request' },
    });
  });

  it.each([
    ['changed amount', 'action_mismatch'],
    ['token for another gateway', 'audience_mismatch'],
    ['expired', 'approval_expired'],
    ['not a token', 'signature_invalid'],
    ['of no approval here', 'unknown_approval'],
    ['of another tenant’s approval', 'unknown_approval'],
    ['policy changed since', 'policy_changed'],
  ])('%s → %s', async (name, reasonCode) => {
    const action = payment('900.00');
    const { id, token } = await tokenFor(action, {
      ...(name === 'token for another gateway' ? { aud: 'spiffe://example.org/other' } : {}),
      ...(name === 'policy changed since' ? { version: '2' } : {}),
    });
    if (name !== 'of no approval here')
      await storeApproval(id, name.startsWith('of another') ? 'clinic' : 'bank');
    const asked =
      name === 'changed amount'
        ? { ...action, action: { name: 'pay', properties: { amount: '901.00', to: 'acct-1' } } }
        : action;
    const approval = name === 'not a token' ? 'a.b.c' : token;
    const at = name === 'expired' ? nowMs + 301_000 : nowMs;
    expect(await evaluate(bank.caller, asked, { approval }, { nowMs: at })).toMatchObject({
      decision: false,
      context: { reason_code: reasonCode, next_action: 'request' },
    });
  });
});
