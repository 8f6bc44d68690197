import { describe, expect, it } from 'vitest';
import type { Authority } from '@/lib/identity/authority';
import { describeHours, describeLimit } from './authority-words';
import { formatLimits, parseLimits } from './limits-text';

const hours = { from: '09:00', to: '17:30', timeZone: 'Europe/Berlin' };
const authority: Authority = {
  maxTier: 'bounded',
  limits: [
    { amount: '50000', currency: 'INR' },
    { amount: '500', currency: 'EUR' },
  ],
  tools: ['pay.*'],
  counterparties: ['known'],
  hours: { ...hours, days: ['mon', 'tue', 'wed'] },
};

describe('words of authority', () => {
  it('name hours', () => {
    expect(describeHours({ ...hours, days: ['wed', 'mon', 'tue'] })).toBe(
      'Mon–Wed 09:00–17:30 (Europe/Berlin)',
    );
    expect(describeHours({ ...hours, days: ['sat', 'mon'], to: '09:00' })).toBe(
      'Mon, Sat all day (Europe/Berlin)',
    );
  });

  it.each([
    ['amount_exceeded', 'up to €500.00'],
    ['currency_not_covered', '₹50,000.00, €500.00'],
    ['tool_not_covered', 'only pay.*'],
    ['counterparty_not_covered', 'counterparties: known'],
    ['outside_hours', 'Mon–Wed 09:00–17:30 (Europe/Berlin)'],
    ['tier_exceeded', null],
  ] as const)('name the limit behind %s', (code, words) => {
    expect(describeLimit(authority, code, 'EUR')).toBe(words);
  });
});

describe('limits as text', () => {
  it('are read and printed', () => {
    expect(parseLimits(' 50000 inr,500.5 EUR ')).toEqual([
      { amount: '50000', currency: 'INR' },
      { amount: '500.5', currency: 'EUR' },
    ]);
    expect(formatLimits(authority.limits)).toBe('50000 INR, 500 EUR');
    expect(parseLimits('')).toEqual([]);
  });

  it.each(['50000', 'EUR 500', '5e4 EUR', '-1 EUR', '1 EUR 2', '1,000 EUR', '1 EUR, 2 EUR', '1 EUR,'])(
    'are refused: %s',
    (text) => {
      expect(parseLimits(text)).toBeNull();
    },
  );
});
