import { describe, expect, it } from 'vitest';
import { compareRules, describeRuleChange } from './compare-rules';
import { joinQuorums } from './join-quorums';
import { resolvePointer } from './json-pointer';
import { parsePolicyDocument } from './parse-policy-document';
import { paymentPolicy, paymentPolicyInput } from './testing/payment-policy';

const perAction = (above: string) => ({
  name: 'large-payment',
  tools: ['pay'],
  on: { kind: 'per-action' as const, above, currency: 'INR' },
  then: 'escalate' as const,
});
const velocity = (limit: string) => ({
  name: 'per-hour',
  measure: 'velocity' as const,
  per: 'agent' as const,
  tools: ['pay'],
  window: 'PT1H' as const,
  limit,
  over: 'refuse' as const,
});

describe('compareRules', () => {
  it('calls a lowered threshold lowered, a raised budget raised', () => {
    const before = paymentPolicy({ thresholds: [perAction('50000')], budgets: [velocity('9')] });
    const after = paymentPolicy({ thresholds: [perAction('9999.99')], budgets: [velocity('10')] });
    const changes = compareRules(before, after);
    expect(changes).toEqual([
      { kind: 'budget', rule: 'per-hour', change: 'raised', from: '9', to: '10' },
      { kind: 'threshold', rule: 'large-payment', change: 'lowered', from: '50000', to: '9999.99' },
    ]);
    expect(changes.map(describeRuleChange)).toEqual([
      'budget per-hour raised from 9 to 10',
      'threshold large-payment lowered from 50000 to 9999.99',
    ]);
  });

  it('tells how many witnesses are wanted now, and were', () => {
    const wants = (required: number, withholdTokens = false) =>
      paymentPolicy({ witnesses: { required, withinSeconds: 600, withholdTokens } });
    const words = (before: Parameters<typeof compareRules>[0], after: Parameters<typeof compareRules>[1]) =>
      compareRules(before, after).map(describeRuleChange);
    expect(words(paymentPolicy(), wants(2))).toEqual(['witnesses added']);
    expect(words(wants(2), wants(1))).toEqual(['witnesses lowered from 2 to 1']);
    expect(words(wants(1), wants(1, true))).toEqual(['witnesses changed']);
    expect(words(wants(1), paymentPolicy())).toEqual(['witnesses removed']);
    expect(words(paymentPolicy(), paymentPolicy())).toEqual([]);
  });

  it('says in words which member of review changed, and what it said before', () => {
    const before = paymentPolicy();
    const words = (review: object) =>
      compareRules(before, paymentPolicy({ review: { ...paymentPolicyInput().review, ...review } })).map(
        describeRuleChange,
      );
    const load = { decisionsPerHour: 30, activeMinutes: 90 };
    expect(words({})).toEqual([]);
    expect(words({ minimumActiveMs: { bounded: 8_000 }, attention: { load } })).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^review least active reading in ms, bounded actions /),
        'review most verdicts in an hour added: 30',
        'review when somebody shows fatigue added: nothing',
      ]),
    );
    const tired = paymentPolicy({ review: { ...before.review, attention: { load } } });
    const less = paymentPolicy({
      review: {
        ...before.review,
        quorum: [{ role: 'senior_reviewer', count: 2 }],
        attention: { load: { ...load, decisionsPerHour: 9 }, whenFatigued: 'secondReviewer' },
      },
    });
    expect(compareRules(tired, less).map(describeRuleChange)).toEqual([
      expect.stringMatching(/^review who must approve changed from .* to 2 senior reviewer$/),
      'review most verdicts in an hour lowered from 30 to 9',
      'review when somebody shows fatigue changed from nothing to secondReviewer',
    ]);
    expect(compareRules(tired, before).every(({ change }) => change === 'removed')).toBe(true);
  });

  it('the same number in another spelling is no raise', () => {
    const before = paymentPolicy({ thresholds: [perAction('100')] });
    expect(compareRules(before, paymentPolicy({ thresholds: [perAction('100.00')] }))).toEqual([
      { kind: 'threshold', rule: 'large-payment', change: 'changed' },
    ]);
    expect(compareRules(before, before)).toEqual([]);
  });

  it('names what was added, removed and changed, tier and containment included', () => {
    const before = paymentPolicy({ thresholds: [perAction('100')] });
    const after = paymentPolicy({
      budgets: [velocity('3')],
      tiers: [{ tier: 'bounded', needs: 'review' }],
      containment: { stateUnavailable: 'refuse' },
    });
    expect(compareRules(before, after).map(({ kind, rule, change }) => `${kind} ${rule} ${change}`)).toEqual([
      'budget per-hour added',
      'threshold large-payment removed',
      'tier bounded changed',
      'tier reversible removed',
      'containment containment changed',
    ]);
    expect(compareRules(null, before).every(({ change }) => change === 'added')).toBe(true);
  });
});

describe('parsePolicyDocument', () => {
  const good = paymentPolicyInput({ thresholds: [perAction('100')] });
  it('reads what it is given', () => {
    expect(parsePolicyDocument(JSON.stringify(good))).toMatchObject({ ok: true, value: { id: 'payments' } });
  });

  it.each([
    ['not JSON', '{', 'policy_json'],
    ['a key twice', '{"id":"a","id":"b"}', 'policy_json'],
    [
      'a float limit',
      JSON.stringify({
        ...good,
        thresholds: [{ ...perAction('1'), on: { kind: 'per-action', above: 1.5, currency: 'INR' } }],
      }),
      'policy_json',
    ],
    ['a negative limit', { thresholds: [perAction('-1')] }, 'policy_shape'],
    ['a limit in words', { thresholds: [perAction('many')] }, 'policy_shape'],
    [
      'an asterisk inside a tool pattern',
      { grants: [{ name: 'g', agents: ['a'], tools: ['p*y'] }] },
      'policy_shape',
    ],
    ['an empty grant', { grants: [{ name: 'g', agents: [], tools: ['*'] }] }, 'policy_shape'],
    ['a pointer without a slash', { tools: [{ ...good.tools[0]!, amount: 'amount' }] }, 'policy_shape'],
    ['containment that allows', { containment: { stateUnavailable: 'allow' } }, 'policy_shape'],
    ['a quorum of nobody', { review: { ...good.review, quorum: [] } }, 'policy_shape'],
    [
      'a quorum of zero',
      { review: { ...good.review, quorum: [{ role: 'reviewer', count: 0 }] } },
      'policy_shape',
    ],
    [
      'a quorum of administrators',
      { review: { ...good.review, quorum: [{ role: 'admin', count: 1 }] } },
      'policy_rule',
    ],
    ['a rule name twice', { thresholds: [perAction('1'), perAction('2')] }, 'policy_rule'],
    ['a tool twice', { tools: [good.tools[0]!, good.tools[0]!] }, 'policy_rule'],
    [
      'money counted on a tool without an amount',
      { tools: [{ name: 'pay', tier: 'bounded', category: 'c', verb: 'pay' }] },
      'policy_rule',
    ],
    [
      'a counterparty rule on a tool without one',
      {
        thresholds: [
          {
            name: 'new',
            tools: ['read_x'],
            on: { kind: 'new-beneficiary', window: 'P7D' },
            then: 'escalate',
          },
        ],
      },
      'policy_rule',
    ],
    [
      'limits of one tool in two currencies',
      { budgets: [{ ...velocity('1'), measure: 'value', currency: 'USD' }] },
      'policy_rule',
    ],
  ])('refuses %s', (_name, change, code) => {
    const text = typeof change === 'string' ? change : JSON.stringify({ ...good, ...change });
    expect(parsePolicyDocument(text)).toMatchObject({ ok: false, code });
  });
});

describe('joinQuorums', () => {
  const reviewers = (count: number) => ({ role: 'reviewer' as const, count });
  const seniors = (count: number) => ({ role: 'senior_reviewer' as const, count });
  it.each([
    [[], []],
    [[[reviewers(1)], [reviewers(1)]], [reviewers(1)]],
    [[[reviewers(1)], [seniors(1)]], [seniors(1)]],
    [
      [[reviewers(2)], [seniors(1)]],
      [reviewers(1), seniors(1)],
    ],
    [[[reviewers(1), seniors(1)], [seniors(2)]], [seniors(2)]],
    [[[reviewers(1), reviewers(1)]], [reviewers(2)]],
  ])('%j → %j', (quorums, joined) => {
    expect(joinQuorums(quorums)).toEqual(joined);
    expect(joinQuorums([...quorums].reverse())).toEqual(joined);
  });
});

describe('resolvePointer', () => {
  // RFC 6901 §5.
  const document = { foo: ['bar', 'baz'], '': 0, 'a/b': 1, 'c%d': 2, 'm~n': 8, 'k"l': 6, ' ': 7 };
  it.each([
    ['', document],
    ['/foo', ['bar', 'baz']],
    ['/foo/0', 'bar'],
    ['/', 0],
    ['/a~1b', 1],
    ['/c%d', 2],
    ['/k"l', 6],
    ['/ ', 7],
    ['/m~0n', 8],
    ['/foo/-', undefined],
    ['/foo/00', undefined],
    ['/foo/2', undefined],
    ['/foo/length', undefined],
    ['/foo/0/0', undefined],
    ['/m~2n', undefined],
    ['/toString', undefined],
    ['/__proto__', undefined],
    ['foo', undefined],
  ])('%s', (pointer, value) => {
    expect(resolvePointer(document, pointer)).toEqual(value);
  });
});
