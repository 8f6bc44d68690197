import { describe, expect, it } from 'vitest';
import { counterpartyKey, readAction } from './action-facts';
import { classifyCounterparty, listCounterpartyClasses } from './classify-counterparty';
import { compareRules } from './compare-rules';
import { parsePolicyDocument } from './parse-policy-document';
import { payment, paymentPolicy, paymentPolicyInput } from './testing/payment-policy';

const document = paymentPolicy({
  counterparties: {
    classes: [
      { name: 'staff', digests: [counterpartyKey('acct-9')] },
      { name: 'supplier', patterns: ['acct-1', 'sup-*'] },
    ],
  },
});
const classOf = (to: string | undefined, isKnown = false) => {
  const action = payment({ amount: '1.00', ...(to === undefined ? {} : { to }) });
  return classifyCounterparty(document, action, readAction(document, action), isKnown);
};

describe('classifyCounterparty', () => {
  it.each([
    ['by name', 'acct-1', 'supplier'],
    ['by prefix', 'sup-77', 'supplier'],
    ['by digest', 'acct-9', 'staff'],
    ['otherwise new', 'acct-11', 'new'],
  ])('%s', (_name, to, expected) => {
    expect(classOf(to)).toBe(expected);
  });

  it('is known after an earlier action, and listed before that', () => {
    expect(classOf('acct-11', true)).toBe('known');
    expect(classOf('acct-1', true)).toBe('supplier');
  });

  it('is nobody’s where none is named', () => {
    expect(classOf(undefined)).toBeNull();
  });

  it('names its classes', () => {
    expect(listCounterpartyClasses(document)).toEqual(['staff', 'supplier', 'known', 'new']);
    expect(listCounterpartyClasses(paymentPolicy())).toEqual(['known', 'new']);
  });
});

describe('a policy’s words about people', () => {
  const input = paymentPolicyInput();
  const parse = (change: object) => parsePolicyDocument(JSON.stringify({ ...input, ...change }));
  it.each([
    ['a class twice', { counterparties: { classes: [{ name: 'a' }, { name: 'a' }] } }],
    ['a class called new', { counterparties: { classes: [{ name: 'new' }] } }],
    ['raising what has expired', { review: { ...input.review, escalateAfterMinutes: 30 } }],
    [
      'a window of more than an hour',
      {
        review: {
          ...input.review,
          breakGlass: { enabled: true, minutes: 61, tiers: ['bounded'], relaxes: ['hours'] },
        },
      },
    ],
    [
      'lifting the exclusion of the requester',
      {
        review: {
          ...input.review,
          breakGlass: { enabled: true, minutes: 5, tiers: ['bounded'], relaxes: ['requester'] },
        },
      },
    ],
  ])('refuse %s', (_name, change) => {
    expect(parse(change).ok).toBe(false);
  });

  it('are compared', () => {
    const before = paymentPolicy();
    expect(compareRules(before, document)).toEqual([
      { kind: 'counterparties', rule: 'counterparties', change: 'added' },
    ]);
    expect(compareRules(document, before)[0]).toMatchObject({ change: 'removed' });
    expect(compareRules(before, before)).toEqual([]);
  });
});
