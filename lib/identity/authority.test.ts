import { describe, expect, it } from 'vitest';
import { type Authority, decideAuthority, matchesTool } from './authority';

const authority: Authority = { maxTier: 'bounded', maxAmount: '50000.00', currency: 'INR', tools: [] };
const need = { tier: 'bounded', tool: 'pay', amount: '50000', currency: 'INR' } as const;

describe('authority', () => {
  it('reaches up to its limits, inclusive', () => {
    expect(decideAuthority(authority, need)).toEqual({ ok: true, value: true });
    expect(decideAuthority(authority, { ...need, amount: null, currency: null }).ok).toBe(true);
    expect(decideAuthority({ ...authority, maxAmount: null }, { ...need, amount: '9000000' }).ok).toBe(true);
  });

  it.each([
    ['none at all', null, need, 'no_authority'],
    ['a graver tier', authority, { ...need, tier: 'unbounded' as const }, 'tier_exceeded'],
    ['one hundredth more', authority, { ...need, amount: '50000.01' }, 'amount_exceeded'],
    ['a ten-thousandth more', authority, { ...need, amount: '50000.0001' }, 'amount_exceeded'],
    ['a huge negative amount', authority, { ...need, amount: '-50000.01' }, 'amount_exceeded'],
    ['another currency', authority, { ...need, currency: 'USD' }, 'currency_not_covered'],
    ['no currency', authority, { ...need, currency: null }, 'currency_not_covered'],
    ['a limit without currency', { ...authority, currency: null }, need, 'currency_not_covered'],
    ['an amount in words', authority, { ...need, amount: '5e4' }, 'amount_unreadable'],
    ['another tool', { ...authority, tools: ['refund'] }, need, 'tool_not_covered'],
    ['a tool that only begins alike', { ...authority, tools: ['pa'] }, need, 'tool_not_covered'],
  ])('does not cover %s', (_name, held, wanted, code) => {
    expect(decideAuthority(held, wanted)).toMatchObject({ ok: false, code });
  });

  it('matches tools by name or by prefix', () => {
    expect(matchesTool('pay.*', 'pay.card')).toBe(true);
    expect(matchesTool('pay.*', 'pay')).toBe(false);
    expect(matchesTool('pay', 'pay')).toBe(true);
  });
});
