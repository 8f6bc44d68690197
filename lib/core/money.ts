/**
 * Amounts as decimal strings, never floats (formats §1). Inside, an amount is a bigint in units of 1/10,000,
 * so that every currency's minor unit and common unit prices are exact. The currency travels beside it.
 */
import { err, ok, type Result } from '@/lib/core/result';

export type AmountErrorCode = 'amount_syntax' | 'amount_precision' | 'amount_too_large';

const FRACTION_DIGITS = 4;
const SCALE = 10_000n;
const MAX_INTEGER_DIGITS = 18;

/**
 * `'18500.00'` → `185_000_000n`. ASCII digits, optional minus, no leading zeros, no exponent, no grouping,
 * no bare dot, no `-0`; at most 4 fraction digits and 18 integer digits.
 */
export function parseAmount(text: string): Result<bigint, AmountErrorCode> {
  const match = /^(-?)(0|[1-9][0-9]*)(?:\.([0-9]+))?$/.exec(text);
  if (!match) return err('amount_syntax');
  const [, sign, integer = '', fraction = ''] = match;
  if (fraction.length > FRACTION_DIGITS) return err('amount_precision');
  if (integer.length > MAX_INTEGER_DIGITS) return err('amount_too_large');
  const units = BigInt(integer) * SCALE + BigInt(fraction.padEnd(FRACTION_DIGITS, '0'));
  if (sign === '-') return units === 0n ? err('amount_syntax') : ok(-units);
  return ok(units);
}

/** Decimal string of units of 1/10,000 with two fraction digits, or as many as it needs up to four. */
export function formatAmount(units: bigint): string {
  const magnitude = units < 0n ? -units : units;
  const fraction = (magnitude % SCALE).toString().padStart(FRACTION_DIGITS, '0');
  const shown = fraction.slice(0, 2) + fraction.slice(2).replace(/0+$/, '');
  return `${units < 0n ? '-' : ''}${magnitude / SCALE}.${shown}`;
}

/** −1, 0 or 1 as `a` is less than, equal to or greater than `b`; `'1.0'` equals `'1.00'`. */
export function compareAmounts(a: string, b: string): Result<-1 | 0 | 1, AmountErrorCode> {
  const left = parseAmount(a);
  if (!left.ok) return left;
  const right = parseAmount(b);
  if (!right.ok) return right;
  if (left.value === right.value) return ok(0);
  return ok(left.value < right.value ? -1 : 1);
}

/** The exact sum of two amounts of one currency, printed by `formatAmount`. */
export function addAmounts(a: string, b: string): Result<string, AmountErrorCode> {
  const left = parseAmount(a);
  if (!left.ok) return left;
  const right = parseAmount(b);
  if (!right.ok) return right;
  const sum = formatAmount(left.value + right.value);
  const printed = parseAmount(sum);
  return printed.ok ? ok(sum) : printed;
}
