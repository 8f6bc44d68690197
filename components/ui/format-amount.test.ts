import { describe, expect, it } from 'vitest';
import { formatAmount } from './format-amount';

describe('formatAmount', () => {
  it.each([
    ['18500.00', 'INR', '₹18,500.00'],
    ['1234567.5', 'INR', '₹12,34,567.50'],
    ['1234567.5', 'USD', '$1,234,567.50'],
    ['500', 'JPY', '¥500'],
    ['-42.10', 'EUR', '-€42.10'],
  ])('%s %s is %s', (value, currency, text) => {
    expect(formatAmount(value, currency)).toBe(text);
  });

  it('never rounds: digits beyond the currency and beyond a float stay', () => {
    expect(formatAmount('0.005', 'USD')).toBe('$0.005');
    expect(formatAmount('9007199254740993.01', 'USD')).toBe('$9,007,199,254,740,993.01');
  });

  it.each([
    ['exponent that reads as less', '1e9', 'USD'],
    ['comma that some read as a decimal point', '18,500', 'INR'],
    ['full-width digits', '１８５００', 'INR'],
    ['lower-case code', '5.00', 'inr'],
    ['empty value', '', 'USD'],
  ])('shows what it cannot read as it came: %s', (_, value, currency) => {
    expect(formatAmount(value, currency)).toBe(`${value} ${currency}`);
  });
});
