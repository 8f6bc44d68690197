import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import type { JsonObject } from '@/lib/core/json';
import { readAction } from './action-facts';
import { decidePolicy } from './decide-policy';
import type { policyDocument } from './policy-document';
import { type PolicyState, stateQueriesOf } from './state-queries';
import { PRINCIPAL, payment, paymentPolicy } from './testing/payment-policy';

type Input = z.input<typeof policyDocument>;
type Budget = Input['budgets'][number];
type Threshold = Input['thresholds'][number];

const EMPTY: PolicyState = { available: true, values: {} };
const state = (values: Record<string, string>): PolicyState => ({ available: true, values });
const inr = (above: string) => ({ above, currency: 'INR' });

function budget(overrides: Partial<Budget> = {}): Budget {
  return {
    name: 'daily',
    measure: 'value',
    per: 'principal',
    tools: ['pay'],
    window: 'P1D',
    limit: '1000',
    over: 'refuse',
    ...overrides,
  };
}

function threshold(on: Threshold['on'], then: Threshold['then'] = 'escalate', name = 'rule'): Threshold {
  return { name, tools: ['pay'], on, then };
}

describe('grant', () => {
  it('allows what is granted, names the grant and asks nobody', () => {
    expect(decidePolicy(paymentPolicy(), payment(), EMPTY)).toMatchObject({
      verdict: 'allow',
      control: 'grant',
      rule: 'pay-and-read',
      reasonCode: 'within_authority',
      requestable: false,
      quorum: [],
      measured: [],
      tier: 'bounded',
      facts: { amount: { amount: '100.00', currency: 'INR' }, category: 'payment', principal: PRINCIPAL },
      sentence: { agent: 'payments-agent', verb: 'pay', object: 'acct-1', preposition: 'to' },
    });
  });

  it('matches a wildcard by prefix', () => {
    const action = payment({}, { action: { name: 'read_balance' } });
    expect(decidePolicy(paymentPolicy(), action, EMPTY).verdict).toBe('allow');
  });

  it.each([
    [
      'another agent',
      payment(undefined, { subject: { type: 'agent', id: 'payments-agent-2' } }),
      'agent_not_granted',
    ],
    ['another tool', payment({}, { action: { name: 'close_account' } }), 'tool_not_granted'],
    [
      'a tool whose name only begins like a granted one',
      payment(undefined, { action: { name: 'pay_all' } }),
      'tool_not_granted',
    ],
    ['a tool spelt in another case', payment(undefined, { action: { name: 'Pay' } }), 'tool_not_granted'],
  ])('refuses %s, and nobody can lift it', (_name, action, reasonCode) => {
    expect(decidePolicy(paymentPolicy(), action, EMPTY)).toMatchObject({
      verdict: 'refuse',
      control: 'grant',
      reasonCode,
      requestable: false,
      quorum: [],
    });
  });

  it.each([['dev'], [undefined], [7]])('refuses the runtime %s when the grant names runtimes', (runtime) => {
    const document = paymentPolicy({
      grants: [{ name: 'prod-only', agents: ['*'], tools: ['*'], runtimes: ['prod'] }],
    });
    const context = { principal: PRINCIPAL, ...(runtime === undefined ? {} : { runtime }) } as JsonObject;
    expect(decidePolicy(document, payment(undefined, { context }), EMPTY)).toMatchObject({
      verdict: 'refuse',
      reasonCode: 'runtime_not_granted',
    });
    expect(decidePolicy(document, payment(), EMPTY).verdict).toBe('allow');
  });

  it('a grant of everything does not reach tools the policy cannot read', () => {
    const document = paymentPolicy({ grants: [{ name: 'all', agents: ['*'], tools: ['*'] }] });
    const action = payment({}, { action: { name: 'wire' } });
    expect(decidePolicy(document, action, EMPTY)).toMatchObject({
      verdict: 'refuse',
      control: 'containment',
      reasonCode: 'tool_unknown',
      tier: 'unbounded',
    });
  });

  it('the exact tool entry wins over the wildcard one, whatever their order', () => {
    const entries: Input['tools'] = [
      { name: 'read_*', tier: 'reversible', category: 'reading', verb: 'read' },
      { name: 'read_secret', tier: 'unbounded', category: 'secrets', verb: 'reveal' },
      { name: 'read_s*', tier: 'bounded', category: 'some', verb: 'read' },
    ];
    for (const tools of [entries, [...entries].reverse()]) {
      const document = paymentPolicy({ tools });
      const tierOf = (name: string) => decidePolicy(document, payment({}, { action: { name } }), EMPTY).tier;
      expect([tierOf('read_secret'), tierOf('read_some'), tierOf('read_x')]).toEqual([
        'unbounded',
        'bounded',
        'reversible',
      ]);
    }
  });
});

describe('containment: what cannot be read is refused', () => {
  it.each([
    ['amount missing', { to: 'acct-1' }, 'amount_missing'],
    ['amount null', { amount: null, to: 'acct-1' }, 'amount_missing'],
    ['amount in words', { amount: 'ten', to: 'acct-1' }, 'amount_garbled'],
    ['amount with grouping', { amount: '1,000.00', to: 'acct-1' }, 'amount_garbled'],
    ['amount with an exponent', { amount: '1e3', to: 'acct-1' }, 'amount_garbled'],
    ['amount with a leading zero', { amount: '0100', to: 'acct-1' }, 'amount_garbled'],
    ['amount in fullwidth digits', { amount: '１００', to: 'acct-1' }, 'amount_garbled'],
    ['amount with white space', { amount: ' 100', to: 'acct-1' }, 'amount_garbled'],
    ['amount with five fraction digits', { amount: '0.00001', to: 'acct-1' }, 'amount_garbled'],
    ['amount as a list', { amount: ['1'], to: 'acct-1' }, 'amount_garbled'],
    ['amount true', { amount: true, to: 'acct-1' }, 'amount_garbled'],
    ['amount negative', { amount: '-100.00', to: 'acct-1' }, 'amount_negative'],
    ['amount a negative integer', { amount: -5, to: 'acct-1' }, 'amount_negative'],
    ['amount huge', { amount: '1000000000000000', to: 'acct-1' }, 'amount_too_large'],
    ['amount of 400 digits', { amount: '9'.repeat(400), to: 'acct-1' }, 'amount_too_large'],
    ['currency foreign', { amount: '1', currency: 'USD', to: 'acct-1' }, 'currency_foreign'],
    ['currency in lower case', { amount: '1', currency: 'inr', to: 'acct-1' }, 'currency_garbled'],
    ['currency a number', { amount: '1', currency: 356, to: 'acct-1' }, 'currency_garbled'],
    ['counterparty missing', { amount: '1' }, 'counterparty_missing'],
    ['counterparty empty', { amount: '1', to: '' }, 'counterparty_missing'],
    ['counterparty a list', { amount: '1', to: ['acct-1', 'acct-2'] }, 'counterparty_missing'],
  ])('%s', (_name, properties, reasonCode) => {
    const decision = decidePolicy(paymentPolicy(), payment(properties as JsonObject), EMPTY);
    expect(decision).toMatchObject({
      verdict: 'refuse',
      control: 'containment',
      reasonCode,
      requestable: false,
    });
    expect(decision.measured).toHaveLength(1);
  });

  it.each([
    ['a name instead of a token', { type: 'customer', token: 'Asha Rao' }],
    ['a bare string', 'tok_1'],
    ['no type', { token: PRINCIPAL.token }],
  ])('principal: %s', (_name, principal) => {
    const action = payment(undefined, { context: { principal: principal as JsonObject } });
    expect(decidePolicy(paymentPolicy(), action, EMPTY).reasonCode).toBe('principal_garbled');
  });

  it('a budget per principal needs a principal', () => {
    const document = paymentPolicy({ budgets: [budget()] });
    const action = payment(undefined, { context: {} });
    expect(decidePolicy(document, action, state({ 'budget:daily': '0' })).reasonCode).toBe(
      'principal_missing',
    );
  });

  it('an amount that may be absent counts as none, one that is garbled does not', () => {
    const [pay, ...rest] = paymentPolicy().tools;
    const document = paymentPolicy({ tools: [{ ...pay!, amountMayBeAbsent: true }, ...rest] });
    expect(decidePolicy(document, payment({ to: 'a' }), EMPTY).verdict).toBe('allow');
    expect(decidePolicy(document, payment({ to: 'a', amount: 'x' }), EMPTY).reasonCode).toBe(
      'amount_garbled',
    );
  });

  it.each(['refuse', 'defer'] as const)('state unavailable: %s, never allow', (stateUnavailable) => {
    const document = paymentPolicy({ containment: { stateUnavailable }, budgets: [budget()] });
    for (const unavailable of [
      { available: false } as const,
      EMPTY,
      state({ 'budget:daily': 'NaN' }),
      state({ 'budget:daily': '-5' }),
    ]) {
      expect(decidePolicy(document, payment(), unavailable)).toMatchObject({
        verdict: stateUnavailable,
        control: 'containment',
        reasonCode: 'state_unavailable',
        requestable: false,
      });
    }
  });

  it('state unavailable contains even an action that asks nothing of it', () => {
    expect(decidePolicy(paymentPolicy(), payment(), { available: false }).verdict).toBe('defer');
  });

  it('a rule that needs no state still refuses while state is unavailable', () => {
    const document = paymentPolicy({
      thresholds: [threshold({ kind: 'per-action', ...inr('50') }, 'refuse')],
    });
    expect(decidePolicy(document, payment(), { available: false })).toMatchObject({
      verdict: 'refuse',
      control: 'threshold',
    });
  });
});

describe('budget', () => {
  it.each([
    ['at the limit', 'value', '1000', '900.00', 'allow'],
    ['one unit over', 'value', '1000', '900.0001', 'refuse'],
    ['volume at the limit', 'volume', '3', '2', 'allow'],
    ['volume one over', 'volume', '3', '3', 'refuse'],
    ['velocity at the limit', 'velocity', '1', '0', 'allow'],
    ['velocity one over', 'velocity', '1', '1', 'refuse'],
    ['limit zero', 'volume', '0', '0', 'refuse'],
  ] as const)('%s', (_name, measure, limit, used, verdict) => {
    const document = paymentPolicy({ budgets: [budget({ measure, limit })] });
    const decision = decidePolicy(document, payment(), state({ 'budget:daily': used }));
    expect(decision.verdict).toBe(verdict);
    expect(decision.budgets).toMatchObject([{ name: 'daily', measure, limit }]);
    if (verdict === 'refuse') {
      expect(decision).toMatchObject({
        control: 'budget',
        rule: 'daily',
        reasonCode: `${measure}_budget_exceeded`,
      });
    }
  });

  it('sums beyond what a float could hold stay exact', () => {
    const document = paymentPolicy({ budgets: [budget({ limit: '90071992547409.9300' })] });
    const at = (used: string) =>
      decidePolicy(document, payment({ amount: '0.0001', to: 'a' }), state({ 'budget:daily': used })).verdict;
    expect(at('90071992547409.9299')).toBe('allow');
    expect(at('90071992547409.9300')).toBe('refuse');
  });

  it('shows what was used, what this takes and the limit', () => {
    const document = paymentPolicy({ budgets: [budget({ over: 'escalate' })] });
    expect(decidePolicy(document, payment(), state({ 'budget:daily': '950.50' }))).toMatchObject({
      verdict: 'escalate',
      requestable: true,
      quorum: [{ role: 'reviewer', count: 1 }],
      budgets: [{ used: '950.50', thisAction: '100.00', limit: '1000', unit: 'INR', window: 'P1D' }],
      measured: [{ name: 'daily', measured: '1050.50', limit: '1000', unit: 'INR' }],
    });
  });

  it('a budget in another currency than the action refuses it instead of passing it by', () => {
    const document = paymentPolicy({ budgets: [budget({ currency: 'USD' })] });
    expect(decidePolicy(document, payment(), state({ 'budget:daily': '0' })).reasonCode).toBe(
      'currency_foreign',
    );
  });
});

describe('threshold', () => {
  const cases: [string, Threshold['on'], string, string, string, string][] = [
    ['per action', { kind: 'per-action', ...inr('100') }, '', '100.00', '100.0001', 'amount_above'],
    [
      'cumulative',
      { kind: 'cumulative', per: 'agent', window: 'P7D', ...inr('500') },
      '400',
      '100',
      '100.01',
      'cumulative_above',
    ],
    [
      'per counterparty',
      { kind: 'per-counterparty', window: 'P7D', ...inr('500') },
      '499.99',
      '0.01',
      '0.02',
      'counterparty_above',
    ],
    [
      'new beneficiary above',
      { kind: 'new-beneficiary', window: 'P90D', ...inr('10') },
      '0',
      '10.00',
      '10.01',
      'new_beneficiary',
    ],
  ];
  it.each(cases)(
    '%s: at the bound it holds, one unit over it fires',
    (_name, on, answer, at, over, reasonCode) => {
      const document = paymentPolicy({ thresholds: [threshold(on)] });
      const values = { 'threshold:rule': answer };
      expect(decidePolicy(document, payment({ amount: at, to: 'a' }), state(values)).verdict).toBe('allow');
      expect(decidePolicy(document, payment({ amount: over, to: 'a' }), state(values))).toMatchObject({
        verdict: 'escalate',
        control: 'threshold',
        rule: 'rule',
        reasonCode,
      });
    },
  );

  it('new beneficiary: one earlier action is enough to know them', () => {
    const document = paymentPolicy({ thresholds: [threshold({ kind: 'new-beneficiary', window: 'P90D' })] });
    expect(decidePolicy(document, payment(), state({ 'threshold:rule': '0' })).reasonCode).toBe(
      'new_beneficiary',
    );
    expect(decidePolicy(document, payment(), state({ 'threshold:rule': '1' })).verdict).toBe('allow');
  });

  it('cross-category burst counts this action’s category too', () => {
    const document = paymentPolicy({
      thresholds: [threshold({ kind: 'cross-category-burst', window: 'PT1H', categories: 3 })],
    });
    expect(decidePolicy(document, payment(), state({ 'threshold:rule': '1' })).verdict).toBe('allow');
    expect(decidePolicy(document, payment(), state({ 'threshold:rule': '2' })).reasonCode).toBe(
      'category_burst',
    );
  });

  it.each([
    ['known', { runtime: 'prod' }, 'allow'],
    ['unknown', { runtime: 'laptop' }, 'escalate'],
    ['absent', {}, 'escalate'],
    ['not a text', { runtime: ['prod'] }, 'escalate'],
  ])('unknown runtime: %s', (_name, context, verdict) => {
    const document = paymentPolicy({ thresholds: [threshold({ kind: 'unknown-runtime', known: ['prod'] })] });
    expect(
      decidePolicy(document, payment(undefined, { context: context as JsonObject }), EMPTY).verdict,
    ).toBe(verdict);
  });

  it.each([
    ['0.80', 'allow', 'within_authority'],
    ['0.7999', 'defer', 'value_below'],
    [undefined, 'refuse', 'value_unreadable'],
    ['high', 'refuse', 'value_unreadable'],
    [{}, 'refuse', 'value_unreadable'],
  ])('value below: a confidence of %s', (confidence, verdict, reasonCode) => {
    const document = paymentPolicy({
      thresholds: [
        threshold({ kind: 'value-below', pointer: '/action/properties/confidence', below: '0.80' }, 'defer'),
      ],
    });
    const properties = {
      amount: '1',
      to: 'a',
      ...(confidence === undefined ? {} : { confidence }),
    } as JsonObject;
    expect(decidePolicy(document, payment(properties), EMPTY)).toMatchObject({ verdict, reasonCode });
  });

  it('value above, and a list of values', () => {
    const document = paymentPolicy({
      thresholds: [
        threshold(
          { kind: 'value-above', pointer: '/action/properties/items/0', above: '5' },
          'refuse',
          'items',
        ),
        threshold(
          { kind: 'value-not-in', pointer: '/action/properties/to', values: ['acct-1'] },
          'escalate',
          'payees',
        ),
      ],
    });
    const decide = (items: number, to: string) =>
      decidePolicy(document, payment({ amount: '1', to, items: [items] }), EMPTY);
    expect(decide(5, 'acct-1').verdict).toBe('allow');
    expect(decide(6, 'acct-1')).toMatchObject({ verdict: 'refuse', reasonCode: 'value_above' });
    expect(decide(5, 'acct-10')).toMatchObject({ verdict: 'escalate', reasonCode: 'value_not_listed' });
    expect(JSON.stringify(decide(5, 'acct-10').measured)).not.toContain('acct-10');
  });

  it('an inherited member is no value', () => {
    const document = paymentPolicy({
      thresholds: [
        threshold({ kind: 'value-not-in', pointer: '/action/constructor/name', values: ['Object'] }),
      ],
    });
    expect(decidePolicy(document, payment(), EMPTY).reasonCode).toBe('value_not_listed');
  });
});

describe('reversibility and the whole', () => {
  it.each([
    ['reversible', 'allow'],
    ['bounded', 'escalate'],
    ['unbounded', 'escalate'],
  ] as const)('a tier without a rule: %s → %s', (tier, verdict) => {
    const document = paymentPolicy({ tiers: [], tools: [{ name: 'pay', tier, category: 'c', verb: 'pay' }] });
    expect(decidePolicy(document, payment(), EMPTY).verdict).toBe(verdict);
  });

  it('lists every rule that fired; the most restrictive one wins, the first among equals names the control', () => {
    const document = paymentPolicy({
      tiers: [{ tier: 'bounded', needs: 'review', quorum: [{ role: 'senior_reviewer', count: 1 }] }],
      budgets: [budget({ limit: '1', over: 'escalate', quorum: [{ role: 'reviewer', count: 2 }] })],
      thresholds: [threshold({ kind: 'always' }, 'escalate')],
    });
    const values = { 'budget:daily': '0' };
    const decision = decidePolicy(document, payment(), state(values));
    expect(decision).toMatchObject({ verdict: 'escalate', control: 'budget', rule: 'daily' });
    expect(decision.measured.map(({ name }) => name)).toEqual(['daily', 'rule', 'tier-bounded']);
    expect(decision.quorum).toEqual([
      { role: 'reviewer', count: 1 },
      { role: 'senior_reviewer', count: 1 },
    ]);
    for (const then of ['defer', 'refuse'] as const) {
      const stricter = { ...document, thresholds: [threshold({ kind: 'always' }, then)] };
      expect(decidePolicy(stricter, payment(), state(values))).toMatchObject({
        verdict: then,
        control: 'threshold',
        requestable: false,
        quorum: [],
      });
    }
  });

  it('property: more spending and more actions never turn anything into an allow', () => {
    const document = paymentPolicy({
      budgets: [
        budget({ over: 'escalate' }),
        budget({ name: 'count', measure: 'velocity', limit: '5', window: 'PT1H' }),
      ],
      thresholds: [
        threshold({ kind: 'cumulative', per: 'agent', window: 'P30D', ...inr('5000') }, 'refuse', 'month'),
        threshold({ kind: 'per-counterparty', window: 'P7D', ...inr('800') }, 'defer', 'party'),
        threshold({ kind: 'cross-category-burst', window: 'PT1H', categories: 4 }, 'escalate', 'burst'),
      ],
    });
    const cents = fc.integer({ min: 0, max: 900_000 });
    const small = fc.integer({ min: 0, max: 8 });
    fc.assert(
      fc.property(
        fc.tuple(cents, small, cents, cents, small),
        fc.tuple(cents, small, cents, cents, small),
        cents,
        (before, more, amount) => {
          const print = (values: readonly number[]) =>
            state({
              'budget:daily': (values[0]! / 100).toFixed(2),
              'budget:count': String(values[1]),
              'threshold:month': (values[2]! / 100).toFixed(2),
              'threshold:party': (values[3]! / 100).toFixed(2),
              'threshold:burst': String(values[4]),
            });
          const action = payment({ amount: (amount / 100).toFixed(2), to: 'a' });
          const first = decidePolicy(document, action, print(before)).verdict;
          const then = decidePolicy(
            document,
            action,
            print(before.map((value, index) => value + more[index]!)),
          ).verdict;
          const severity = ['allow', 'escalate', 'defer', 'refuse'];
          return severity.indexOf(then) >= severity.indexOf(first);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('property: garbage never throws and never allows', () => {
    const document = paymentPolicy({ budgets: [budget()] });
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), fc.string(), (amount, to, used) => {
        const action = payment({ amount, to } as JsonObject);
        const decision = decidePolicy(document, action, state({ 'budget:daily': used }));
        const readable = readAction(document, action).problem === null && /^\d+(\.\d+)?$/.test(used);
        return decision.verdict !== 'allow' || readable;
      }),
    );
  });

  it('asks only what the matching rules need, each within its own scope and window', () => {
    const document = paymentPolicy({
      budgets: [budget(), budget({ name: 'other', tools: ['read_*'] })],
      thresholds: [
        threshold({ kind: 'new-beneficiary', window: 'P90D' }),
        threshold({ kind: 'always' }, 'escalate', 'any'),
      ],
    });
    const queries = stateQueriesOf(document, readAction(document, payment()).facts);
    expect(queries).toEqual([
      {
        key: 'budget:daily',
        measure: 'amount',
        scope: 'principal',
        tools: ['pay'],
        windowMs: 86_400_000,
        currency: 'INR',
      },
      {
        key: 'threshold:rule',
        measure: 'count',
        scope: 'principal-counterparty',
        tools: ['pay'],
        windowMs: 90 * 86_400_000,
      },
    ]);
  });
});
