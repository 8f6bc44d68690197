import { describe, expect, it } from 'vitest';
import { findUnusual, type UnusualInput } from '@/lib/escalations/unusual';

const base: UnusualInput = {
  action: { action: { name: 'pay', properties: { to: 'acct-1' } } },
  amount: '100.00',
  currency: 'INR',
  counterparty: { settled: 4 },
  recentAmounts: ['90.00', '100.00', '110.00', '120.00', '130.00'],
  limits: [],
};
const findings = (change: Partial<UnusualInput>) =>
  findUnusual({ ...base, ...change }).map(({ finding }) => finding);

describe('findUnusual', () => {
  it('finds nothing in an ordinary action', () => {
    expect(findUnusual(base)).toEqual([]);
  });

  it.each([
    ['a new counterparty', { counterparty: { settled: 0 } }, 'new counterparty'],
    ['4.2 times the median', { amount: '462.00' }, '4.2× the median amount'],
    ['exactly three times the median', { amount: '330.00' }, '3.0× the median amount'],
    ['the largest so far', { amount: '130.01' }, 'largest amount so far'],
    ['just under a limit', { limits: [{ name: 'daily', limit: '105.00' }] }, 'just under a limit'],
    ['exactly the limit', { limits: [{ name: 'daily', limit: '100' }] }, 'just under a limit'],
    ['right-to-left override', { action: { to: 'acct\u202e1' } }, 'text that changes its reading direction'],
    ['a zero-width space', { action: { to: 'acct\u200b1' } }, 'invisible characters'],
    ['a hidden key', { action: { 'to\u2060': 'acct' } }, 'invisible characters'],
    ['a control character', { action: ['a\u0007b'] }, 'control characters'],
    [
      'a Cyrillic a in a Latin word',
      { action: { to: 'p\u0430ypal' } },
      'letters of several scripts in one word',
    ],
  ] as [string, Partial<UnusualInput>, string][])('finds %s', (_, change, finding) => {
    expect(findings(change)).toContain(finding);
  });

  it.each([
    [
      'just below three times the median',
      { amount: '329.99', recentAmounts: [...base.recentAmounts, '110', '330'] },
    ],
    ['an amount far from the limit', { limits: [{ name: 'daily', limit: '106.00' }] }],
    ['an amount over the limit', { limits: [{ name: 'daily', limit: '99.99' }] }],
    ['a median of too few', { amount: '999999.00', recentAmounts: ['1', '1', '1', '1'] }],
    ['an unreadable amount', { amount: 'lots' }],
    ['a tool without counterparty', { counterparty: null }],
    ['two scripts in two words', { action: { to: 'Иван Smith' } }],
  ] as [string, Partial<UnusualInput>][])('says nothing about %s', (_, change) => {
    expect(findings(change)).toEqual([]);
  });

  it('points at the place by JSON Pointer, escaped', () => {
    const [found] = findUnusual({ ...base, action: { 'a/b': [{ '~x': 'ok\u200b' }] } });
    expect(found?.path).toBe('/a~1b/0/~0x');
  });
});
