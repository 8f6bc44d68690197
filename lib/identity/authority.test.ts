import { describe, expect, it } from 'vitest';
import { type Authority, decideAuthority, isPartOf, matchesTool } from './authority';
import type { WorkingHours } from './working-hours';

const authority: Authority = {
  maxTier: 'bounded',
  limits: [
    { amount: '50000.00', currency: 'INR' },
    { amount: '500', currency: 'EUR' },
  ],
  tools: [],
  counterparties: [],
  hours: null,
};
const hours: WorkingHours = {
  days: ['mon', 'tue', 'wed', 'thu', 'fri'],
  from: '09:00',
  to: '17:00',
  timeZone: 'Asia/Kolkata',
};
const need = {
  tier: 'bounded',
  tool: 'pay',
  amount: '50000',
  currency: 'INR',
  counterpartyClass: 'new',
  atMs: Date.parse('2026-11-30T06:00:00Z'),
} as const;
const SUNDAY = Date.parse('2026-11-29T06:00:00Z');

describe('authority', () => {
  it('reaches up to its limits, inclusive, in each currency', () => {
    expect(decideAuthority(authority, need)).toEqual({ ok: true, value: true });
    expect(decideAuthority(authority, { ...need, amount: '500.00', currency: 'EUR' }).ok).toBe(true);
    expect(decideAuthority(authority, { ...need, amount: null, currency: null }).ok).toBe(true);
    expect(decideAuthority({ ...authority, limits: [] }, { ...need, amount: '9000000' }).ok).toBe(true);
  });

  it('covers listed classes of counterparties, and what concerns nobody', () => {
    const held = { ...authority, counterparties: ['known', 'new'] };
    expect(decideAuthority(held, need).ok).toBe(true);
    expect(
      decideAuthority({ ...held, counterparties: ['known'] }, { ...need, counterpartyClass: null }).ok,
    ).toBe(true);
  });

  it('holds within its hours', () => {
    expect(decideAuthority({ ...authority, hours }, need).ok).toBe(true);
  });

  it.each([
    ['none at all', null, need, 'no_authority'],
    ['a graver tier', authority, { ...need, tier: 'unbounded' as const }, 'tier_exceeded'],
    ['one hundredth more', authority, { ...need, amount: '50000.01' }, 'amount_exceeded'],
    ['a ten-thousandth more', authority, { ...need, amount: '50000.0001' }, 'amount_exceeded'],
    ['a huge negative amount', authority, { ...need, amount: '-50000.01' }, 'amount_exceeded'],
    [
      'the limit of another currency',
      authority,
      { ...need, amount: '501', currency: 'EUR' },
      'amount_exceeded',
    ],
    ['another currency', authority, { ...need, currency: 'USD' }, 'currency_not_covered'],
    ['no currency', authority, { ...need, currency: null }, 'currency_not_covered'],
    ['an amount in words', authority, { ...need, amount: '5e4' }, 'amount_unreadable'],
    ['another tool', { ...authority, tools: ['refund'] }, need, 'tool_not_covered'],
    ['a tool that only begins alike', { ...authority, tools: ['pa'] }, need, 'tool_not_covered'],
    ['a new counterparty', { ...authority, counterparties: ['known'] }, need, 'counterparty_not_covered'],
    ['a Sunday', { ...authority, hours }, { ...need, atMs: SUNDAY }, 'outside_hours'],
  ])('does not cover %s', (_name, held, wanted, code) => {
    expect(decideAuthority(held, wanted)).toMatchObject({ ok: false, code });
  });

  it('matches tools by name or by prefix', () => {
    expect(matchesTool('pay.*', 'pay.card')).toBe(true);
    expect(matchesTool('pay.*', 'pay')).toBe(false);
    expect(matchesTool('pay', 'pay')).toBe(true);
  });
});

describe('isPartOf', () => {
  const whole: Authority = { ...authority, tools: ['pay.*', 'refund'], counterparties: ['known'], hours };

  it('takes the whole, and less of everything', () => {
    expect(isPartOf(whole, whole)).toBe(true);
    expect(
      isPartOf(
        { ...whole, maxTier: 'reversible', limits: [{ amount: '1', currency: 'EUR' }], tools: ['pay.card*'] },
        whole,
      ),
    ).toBe(true);
    expect(isPartOf(whole, { ...whole, limits: [], tools: [], counterparties: [], hours: null })).toBe(true);
  });

  it.each([
    ['a graver tier', { maxTier: 'unbounded' as const }],
    ['any amount', { limits: [] }],
    ['one more', { limits: [{ amount: '50000.0001', currency: 'INR' }] }],
    ['a currency beside', { limits: [{ amount: '1', currency: 'USD' }] }],
    ['every tool', { tools: [] }],
    ['a shorter prefix', { tools: ['pay*'] }],
    ['a prefix of a name', { tools: ['refund*'] }],
    ['every counterparty', { counterparties: [] }],
    ['new counterparties', { counterparties: ['known', 'new'] }],
    ['all hours', { hours: null }],
    ['other hours', { hours: { ...hours, to: '18:00' } }],
  ])('refuses %s', (_name, change) => {
    expect(isPartOf({ ...whole, ...change }, whole)).toBe(false);
  });
});
