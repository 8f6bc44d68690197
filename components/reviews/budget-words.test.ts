import { describe, expect, it } from 'vitest';
import type { BudgetState } from '@/lib/escalations/escalation-view';
import { budgetWords, formatExcess, formatMeasure } from './budget-words';

const budget = (change: Partial<BudgetState>): BudgetState => ({
  name: 'assistant-purchases',
  measure: 'value',
  window: 'P1D',
  unit: 'INR',
  used: '1240.00',
  thisAction: '18500.00',
  limit: '25000.00',
  ...change,
});

describe('budgetWords', () => {
  it('tells what is left before and after, exactly', () => {
    expect(budgetWords(budget({}))).toEqual({
      title: 'Value',
      window: 'a day',
      limit: '₹25,000.00 a day',
      used: 0.0496,
      action: 0.74,
      before: '₹23,760.00',
      after: '₹5,260.00',
    });
  });

  it('says by how much an action goes over, and never draws more than the whole', () => {
    const words = budgetWords(budget({ thisAction: '99999999999.99' }));
    expect([words?.after, words?.action]).toEqual(['₹99,99,99,76,239.99 over', 1]);
  });

  it('counts volumes as whole things', () => {
    const words = budgetWords(
      budget({ measure: 'volume', unit: 'purchases', used: '2', thisAction: '1', limit: '10' }),
    );
    expect([words?.before, words?.after]).toEqual(['8 purchases', '7 purchases']);
  });

  it('a limit of nothing is full, not a division by zero', () => {
    expect(budgetWords(budget({ limit: '0', used: '0' }))).toMatchObject({
      used: 1,
      after: '₹18,500.00 over',
    });
  });

  it('has no words for what is no decimal', () => expect(budgetWords(budget({ used: '1e9' }))).toBeNull());
});

describe('formatExcess', () => {
  const measured = { name: 'n', explanation: '' };
  it.each([
    ['18500.00', '15000.00', 'INR', '₹3,500.00 over'],
    ['0.61', '0.70', '', '0.09 under'],
    ['5', '5', 'categories', null],
    ['new runtime', '3', '', null],
  ])('%s against %s', (value, limit, unit, words) => {
    expect(formatExcess({ ...measured, measured: value, limit, unit })).toBe(words);
  });
  it('says nothing without a limit', () =>
    expect(formatExcess({ ...measured, measured: '1', unit: '' })).toBeNull());
});

describe('formatMeasure', () => {
  it.each([
    ['19998.00', 'actions', '19,998 actions'],
    ['0.61', '', '0.61'],
    ['1234.5678', 'points', '1234.5678 points'],
    ['-1200', 'points', '-1,200 points'],
    ['18500.5', 'INR', '₹18,500.50'],
  ])('%s %s reads %s', (value, unit, words) => expect(formatMeasure(value, unit)).toBe(words));

  it('leaves what it cannot read as it came', () => expect(formatMeasure('abc', 'x')).toBe('abc x'));
});
