import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatAmount, parseAmount } from '@/lib/core/money';
import { readAction } from './action-facts';
import { stateQueriesOf } from './state-queries';
import { payment, paymentPolicy } from './testing/payment-policy';
import { type PastUse, UseLedger } from './use-ledger';

const HOUR_MS = 3_600_000;
const window = 'P1D' as const;
const document = paymentPolicy({
  budgets: [
    { name: 'value', measure: 'value', per: 'principal', tools: ['pay'], window, limit: '1', over: 'refuse' },
    { name: 'count', measure: 'volume', per: 'tenant', tools: ['*'], window, limit: '1', over: 'refuse' },
    {
      name: 'agent',
      measure: 'velocity',
      per: 'agent',
      tools: ['pa*'],
      window: 'PT1H',
      limit: '1',
      over: 'defer',
    },
  ],
  thresholds: [
    {
      name: 'payee',
      tools: ['pay'],
      on: { kind: 'per-counterparty', window, above: '1', currency: 'INR' },
      then: 'escalate',
    },
    { name: 'new', tools: ['pay'], on: { kind: 'new-beneficiary', window }, then: 'escalate' },
    {
      name: 'burst',
      tools: ['*'],
      on: { kind: 'cross-category-burst', window, categories: 2 },
      then: 'escalate',
    },
  ],
});
const token = (n: number) => `tok_${String(n).repeat(32)}`;

/** What the server's SQL says (gather-state): in the window, in the scope, of the tools and the currency. */
function countByHand(uses: readonly PastUse[], action: ReturnType<typeof payment>, atMs: number) {
  const { facts } = readAction(document, action);
  return Object.fromEntries(
    stateQueriesOf(document, facts).map((query) => {
      const mine = uses.filter(
        (use) =>
          use.atMs > atMs - query.windowMs &&
          use.atMs < atMs &&
          (!query.scope.includes('agent') || use.agent === facts.agent) &&
          (!query.scope.includes('principal') || use.principal === facts.principal?.token) &&
          (!query.scope.includes('counterparty') || use.counterparty === facts.counterparty) &&
          query.tools.some((tool) =>
            tool.endsWith('*') ? use.tool.startsWith(tool.slice(0, -1)) : use.tool === tool,
          ) &&
          (query.currency === undefined || use.currency === query.currency),
      );
      const sum = mine.reduce((total, { amount }) => {
        const units = parseAmount(amount ?? '0');
        return total + (units.ok ? units.value : 0n);
      }, 0n);
      const others = new Set(mine.map(({ category }) => category).filter((each) => each !== facts.category));
      return [
        query.key,
        query.measure === 'amount'
          ? formatAmount(sum)
          : String(query.measure === 'count' ? mine.length : others.size),
      ];
    }),
  );
}

test('at every moment the answers are those of counting by hand', () => {
  const { facts } = readAction(document, payment());
  const use = fc.record({
    afterMs: fc.integer({ min: 1, max: 8 * HOUR_MS }),
    principal: fc.integer({ min: 0, max: 2 }),
    tool: fc.constantFrom('pay', 'read_x', 'park'),
    payee: fc.constantFrom(facts.counterparty, 'cp_other', null),
    amount: fc.constantFrom('0.0001', '12.50', '900', null),
    currency: fc.constantFrom('INR', 'EUR'),
    category: fc.constantFrom('payment', 'reading', 'other'),
  });
  fc.assert(
    fc.property(fc.array(use, { maxLength: 40 }), (made) => {
      const ledger = new UseLedger(document);
      const uses: PastUse[] = [];
      let atMs = 0;
      for (const [at, { afterMs, principal, payee, ...rest }] of made.entries()) {
        atMs += afterMs;
        uses.push({
          ...rest,
          evaluation: `evl_${at}`,
          atMs,
          agent: at % 5 === 0 ? 'another' : 'payments-agent',
          principal: token(principal),
          counterparty: payee,
        });
        ledger.add(uses.at(-1) as PastUse);
        const action = payment(
          { amount: '10', to: 'acct-1' },
          { context: { principal: { type: 'c', token: token(1) } } },
        );
        const asked = { atMs: atMs + 1, own: null };
        expect(ledger.answer(document, readAction(document, action).facts, asked)).toEqual(
          countByHand(uses, action, atMs + 1),
        );
      }
    }),
    { numRuns: 60 },
  );
});

test("an evaluation's own use does not count against it", () => {
  const ledger = new UseLedger(document);
  const { facts } = readAction(document, payment({ amount: '10', to: 'acct-1' }));
  const base = {
    agent: facts.agent,
    principal: facts.principal?.token ?? '',
    tool: 'pay',
    category: 'payment',
  };
  for (const [at, evaluation] of ['evl_a', 'evl_b'].entries())
    ledger.add({
      ...base,
      evaluation,
      atMs: at,
      counterparty: facts.counterparty,
      amount: '10',
      currency: 'INR',
    });
  const asked = (own: string | null) => ledger.answer(document, facts, { atMs: 5, own })['budget:value'];
  expect([asked(null), asked('evl_b'), asked('evl_unknown')]).toEqual(['20.00', '10.00', '20.00']);
});

test('reaches as far back as its longest window, and not at all without a question', () => {
  expect(new UseLedger(document).reachMs).toBe(24 * HOUR_MS);
  expect(new UseLedger(paymentPolicy()).reachMs).toBe(0);
});
