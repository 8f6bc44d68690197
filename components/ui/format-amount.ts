const DECIMAL = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?$/;

/**
 * Money in words: `18500.00`, `INR` → `₹18,500.00`. `value` is a decimal string and is formatted exactly, digit for
 * digit: never through a binary float, never rounded (more decimals than the currency has are all shown).
 * What is no decimal or no ISO 4217 code is returned as it came, `value currency`, so that nothing is hidden.
 */
export function formatAmount(value: string, currency: string): string {
  if (!DECIMAL.test(value) || !/^[A-Z]{3}$/.test(currency)) return `${value} ${currency}`;
  const decimals = value.includes('.') ? value.length - value.indexOf('.') - 1 : 0;
  if (decimals > 20) return `${value} ${currency}`;
  // Rupees group by lakh where they are read; other currencies by thousands.
  const locale = currency === 'INR' ? 'en-IN' : 'en';
  const standard = new Intl.NumberFormat(locale, { style: 'currency', currency }).resolvedOptions();
  const digits = Math.max(decimals, standard.minimumFractionDigits ?? 2);
  return new Intl.NumberFormat(locale, {
    style: 'currency',
    currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(value as Intl.StringNumericLiteral);
}
