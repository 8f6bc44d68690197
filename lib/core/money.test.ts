import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addAmounts, compareAmounts, formatAmount, parseAmount } from '@/lib/core/money';

describe('amounts', () => {
  it.each([
    ['18500.00', 185_000_000n, '18500.00'],
    ['0', 0n, '0.00'],
    ['0.0001', 1n, '0.0001'],
    ['0.005', 50n, '0.005'],
    ['12.3', 123_000n, '12.30'],
    ['-7.25', -72_500n, '-7.25'],
    ['-0.5', -5_000n, '-0.50'],
    ['999999999999999999.9999', 9_999_999_999_999_999_999_999n, '999999999999999999.9999'],
  ])('%s', (text, units, printed) => {
    expect(parseAmount(text)).toEqual({ ok: true, value: units });
    expect(formatAmount(units)).toBe(printed);
  });

  it('round-trips units', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 22n) + 1n, max: 10n ** 22n - 1n }), (units) => {
        expect(parseAmount(formatAmount(units))).toEqual({ ok: true, value: units });
      }),
    );
  });

  it.each([
    ['nothing', '', 'amount_syntax'],
    ['minus zero', '-0.00', 'amount_syntax'],
    ['a plus', '+1', 'amount_syntax'],
    ['an exponent', '1e3', 'amount_syntax'],
    ['grouping', '18,500.00', 'amount_syntax'],
    ['a decimal comma', '18500,00', 'amount_syntax'],
    ['a leading zero', '01.00', 'amount_syntax'],
    ['a bare dot', '.50', 'amount_syntax'],
    ['a trailing dot', '1.', 'amount_syntax'],
    ['white space', ' 1', 'amount_syntax'],
    ['other digits', '١٢', 'amount_syntax'],
    ['infinity', 'Infinity', 'amount_syntax'],
    ['a final newline', '1.00\n', 'amount_syntax'],
    ['five fraction digits', '1.00000', 'amount_precision'],
    ['19 integer digits', '1000000000000000000', 'amount_too_large'],
  ])('refuses %s', (_, text, code) => {
    expect(parseAmount(text)).toEqual({ ok: false, code });
  });

  it('compares as numbers, not as text', () => {
    expect(compareAmounts('9.00', '10.00')).toEqual({ ok: true, value: -1 });
    expect(compareAmounts('1.0', '1.00')).toEqual({ ok: true, value: 0 });
    expect(compareAmounts('-1', '-2')).toEqual({ ok: true, value: 1 });
    expect(compareAmounts('1', 'x')).toEqual({ ok: false, code: 'amount_syntax' });
  });

  it('adds exactly where floats do not, and never silently overflows', () => {
    expect(addAmounts('0.1', '0.2')).toEqual({ ok: true, value: '0.30' });
    expect(addAmounts('1.00', '-1')).toEqual({ ok: true, value: '0.00' });
    expect(addAmounts('999999999999999999', '1')).toEqual({ ok: false, code: 'amount_too_large' });
    expect(addAmounts('', '1')).toEqual({ ok: false, code: 'amount_syntax' });
  });
});
