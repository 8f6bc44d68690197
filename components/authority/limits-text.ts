import type { AmountLimit } from '@/lib/identity/authority';

/** "50000 INR, 500 EUR" as limits, one a currency; null when it is not that. Nothing but blanks is no limit. */
export function parseLimits(text: string): AmountLimit[] | null {
  if (text.trim() === '') return [];
  const limits: AmountLimit[] = [];
  for (const part of text.split(',')) {
    const found = /^\s*((?:0|[1-9]\d{0,17})(?:\.\d{1,4})?)\s+([A-Za-z]{3})\s*$/.exec(part);
    if (!found?.[1] || !found[2]) return null;
    const currency = found[2].toUpperCase();
    if (limits.some((limit) => limit.currency === currency)) return null;
    limits.push({ amount: found[1], currency });
  }
  return limits;
}

/** The inverse of `parseLimits`. */
export function formatLimits(limits: readonly AmountLimit[]): string {
  return limits.map(({ amount, currency }) => `${amount} ${currency}`).join(', ');
}
