import { describe, expect, it, test } from 'vitest';
import type { z } from 'zod';
import type { policyDocument } from './policy-document';
import { type PastDecision, replayDecision } from './replay-decision';
import { PRINCIPAL, paymentPolicy } from './testing/payment-policy';
import { UseLedger } from './use-ledger';

type Threshold = z.input<typeof policyDocument>['thresholds'][number];

const rule = (name: string, on: Threshold['on'], then: Threshold['then'] = 'escalate'): Threshold => ({
  name,
  tools: ['pay'],
  on,
  then,
});
const large = (above: string, then?: Threshold['then']) =>
  rule('large', { kind: 'per-action', above, currency: 'INR' }, then);
const screening = rule(
  'screening',
  { kind: 'value-not-in', pointer: '/context/screening', values: ['clear'] },
  'refuse',
);
const known = rule('known', { kind: 'new-beneficiary', window: 'P30D' });

const past = (overrides: Partial<PastDecision> = {}): PastDecision => ({
  id: 'dec_1',
  atMs: 1_000,
  agent: 'payments-agent',
  runtime: 'prod',
  principal: PRINCIPAL.token,
  tool: 'pay',
  resource: 'account:acct-1',
  amount: '700',
  currency: 'INR',
  verdict: 'allow',
  source: 'gateway',
  rule: 'pay-and-read',
  evaluation: null,
  ...overrides,
});

function play(thresholds: Threshold[], then: Threshold[] | null, overrides: Partial<PastDecision> = {}) {
  const document = paymentPolicy({ thresholds });
  return replayDecision(
    document,
    past(overrides),
    new UseLedger(document),
    then === null ? null : paymentPolicy({ thresholds: then }),
  );
}

test.each([
  ['a lower threshold', [large('500')], [large('1000')], 'escalate', 'large'],
  ['a higher threshold', [large('1000')], [large('1000')], 'allow', 'pay-and-read'],
  ['another consequence', [large('500', 'refuse')], [large('500')], 'refuse', 'large'],
  ['no policy of then', [large('500')], null, 'escalate', 'large'],
] as const)('%s', (_name, now, then, verdict, name) => {
  expect(play([...now], then ? [...then] : null)).toEqual({ evaluated: true, verdict, rule: name });
});

describe('a rule that reads what records do not hold', () => {
  it('held when the same rule stood then and the action was allowed', () => {
    expect(play([screening, known], [screening, known])).toMatchObject({ evaluated: true, verdict: 'allow' });
  });

  it('fired when it was the one that spoke', () => {
    expect(play([screening], [screening], { verdict: 'refuse', rule: 'screening' })).toMatchObject({
      verdict: 'refuse',
      rule: 'screening',
    });
  });

  it('fired when the evaluation that the console kept says so, whatever else spoke', () => {
    const evaluation = {
      id: 'evl_1',
      fired: [
        { name: 'large', unreadable: false },
        { name: 'known', unreadable: false },
      ],
    };
    const escalated = { verdict: 'escalate', rule: 'large', evaluation } as const;
    expect(play([large('1000'), known], [large('500'), known], escalated)).toMatchObject({
      verdict: 'escalate',
      rule: 'known',
    });
    expect(play([large('1000'), screening], [large('500'), screening], escalated)).toMatchObject({
      verdict: 'allow',
    });
  });

  it('refused when what it reads could not be read then', () => {
    const evaluation = { id: 'evl_1', fired: [{ name: 'known', unreadable: true }] };
    expect(play([known], [known], { verdict: 'refuse', rule: 'known', evaluation })).toMatchObject({
      verdict: 'refuse',
    });
  });

  it('is not guessed when it is new, or reads differently now', () => {
    expect(play([screening], [])).toEqual({ evaluated: false, reason: 'fact_unrecorded', rule: 'screening' });
    const wider = { ...screening, on: { ...screening.on, values: ['clear', 'pending'] } } as Threshold;
    expect(play([wider], [screening])).toMatchObject({ evaluated: false, rule: 'screening' });
    expect(play([screening], null)).toMatchObject({ evaluated: false, rule: 'screening' });
  });

  it('does not matter where a rule that is known is as strict', () => {
    expect(play([large('500', 'refuse'), screening], [])).toMatchObject({
      evaluated: true,
      verdict: 'refuse',
    });
    expect(play([large('500'), known], [])).toMatchObject({ evaluated: true, verdict: 'escalate' });
  });

  it('may hide behind the rule that spoke, and is then not guessed either', () => {
    const escalated = { verdict: 'escalate', rule: 'large' } as const;
    expect(play([large('1000'), known], [large('500'), known], escalated)).toMatchObject({
      evaluated: false,
      rule: 'known',
    });
    // A stricter one would have spoken itself.
    expect(play([large('1000'), screening], [large('500'), screening], escalated)).toMatchObject({
      verdict: 'allow',
    });
  });

  it('tells nothing where nothing else was measured', () => {
    const evaluation = { id: 'evl_1', fired: [{ name: 'no-grant', unreadable: false }] };
    expect(play([screening], [screening], { verdict: 'refuse', rule: 'no-grant', evaluation })).toMatchObject(
      { evaluated: false },
    );
  });
});

test.each([
  ['an amount that the record lacks', { amount: null, currency: null }, 'amount_unrecorded'],
  ['a decision that a framework made', { source: 'framework' }, 'not_by_policy'],
] as const)('%s is said to be the reason', (_name, overrides, reason) => {
  expect(play([large('500')], [], overrides)).toMatchObject({ evaluated: false, reason });
});

test('a currency that the rules do not count in is refused, as it would have been', () => {
  expect(play([large('500')], [], { currency: 'EUR' })).toMatchObject({
    verdict: 'refuse',
    rule: 'unreadable-action',
  });
});

test('names of records reach no prototype', () => {
  const document = paymentPolicy();
  const tools = [{ ...document.tools[0], amount: '/action/properties/__proto__/x' }] as typeof document.tools;
  expect(replayDecision({ ...document, tools }, past(), new UseLedger(document), null)).toMatchObject({
    evaluated: false,
    reason: 'amount_unrecorded',
  });
  expect(({} as Record<string, unknown>).x).toBeUndefined();
});
