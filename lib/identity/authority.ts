import { compareAmounts } from '@/lib/core/money';
import { err, ok, type Result } from '@/lib/core/result';
import { TIERS, type Tier } from '@/lib/decisions/record-payload';
import { isWithinHours, type WorkingHours } from './working-hours';

/** Up to how much in one currency: a decimal string, inclusive. */
export interface AmountLimit {
  amount: string;
  /** ISO 4217. */
  currency: string;
}

/** What one reviewer may approve in one tenant. Having none at all means: nothing. */
export interface Authority {
  /** The gravest tier. */
  maxTier: Tier;
  /** One limit a currency; an action in a currency without one is not covered. Empty: any amount of any currency. */
  limits: AmountLimit[];
  /** Exact tool names, or prefixes ending in `*`; empty means every tool. */
  tools: string[];
  /** Classes of counterparties as the policy names them, `new` and `known` among them; empty means every counterparty. */
  counterparties: string[];
  /** When it holds; null means always. */
  hours: WorkingHours | null;
}

/** What authority is measured against. */
export interface AuthorityNeed {
  tier: Tier;
  tool: string;
  amount: string | null;
  currency: string | null;
  /** Null for an action that concerns no counterparty. */
  counterpartyClass: string | null;
  /** When it would be used, in ms since the epoch. */
  atMs: number;
}

export const AUTHORITY_CODES = [
  'no_authority',
  'tier_exceeded',
  'tool_not_covered',
  'counterparty_not_covered',
  'currency_not_covered',
  'amount_exceeded',
  'amount_unreadable',
  'outside_hours',
] as const;
export type AuthorityCode = (typeof AUTHORITY_CODES)[number];

/** True when `pattern` is this very name, or a prefix of it ending in `*`. */
export function matchesTool(pattern: string, tool: string): boolean {
  return pattern.endsWith('*') ? tool.startsWith(pattern.slice(0, -1)) : pattern === tool;
}

/**
 * Whether an authority reaches as far as an action needs, now. Amounts are compared exactly, never across currencies;
 * what cannot be read is not covered. Hours are asked last: only what would otherwise be covered may be waited for.
 */
export function decideAuthority(
  authority: Authority | null,
  need: AuthorityNeed,
): Result<true, AuthorityCode> {
  if (!authority) return err('no_authority');
  if (TIERS.indexOf(need.tier) > TIERS.indexOf(authority.maxTier)) return err('tier_exceeded');
  if (authority.tools.length > 0 && !authority.tools.some((pattern) => matchesTool(pattern, need.tool)))
    return err('tool_not_covered');
  const { counterparties, hours } = authority;
  if (
    counterparties.length > 0 &&
    need.counterpartyClass !== null &&
    !counterparties.includes(need.counterpartyClass)
  )
    return err('counterparty_not_covered');
  const amount = decideAmount(authority.limits, need);
  if (!amount.ok) return amount;
  return hours && !isWithinHours(hours, need.atMs) ? err('outside_hours') : ok(true);
}

function decideAmount(
  limits: readonly AmountLimit[],
  { amount, currency }: AuthorityNeed,
): Result<true, AuthorityCode> {
  if (limits.length === 0 || amount === null) return ok(true);
  const limit = limits.find((each) => each.currency === currency);
  if (!limit) return err('currency_not_covered');
  const magnitude = amount.startsWith('-') ? amount.slice(1) : amount;
  const order = compareAmounts(magnitude, limit.amount);
  if (!order.ok) return err('amount_unreadable');
  return order.value > 0 ? err('amount_exceeded') : ok(true);
}

/**
 * Whether `part` reaches nowhere that `whole` does not. Hours are compared as they are written: a part keeps its whole's
 * hours or the whole has none, since spans of different zones cannot be compared once for all days.
 */
export function isPartOf(part: Authority, whole: Authority): boolean {
  return (
    TIERS.indexOf(part.maxTier) <= TIERS.indexOf(whole.maxTier) &&
    isPartOfLimits(part.limits, whole.limits) &&
    (whole.tools.length === 0 ||
      (part.tools.length > 0 &&
        part.tools.every((pattern) => whole.tools.some((outer) => isPartOfPattern(pattern, outer))))) &&
    (whole.counterparties.length === 0 ||
      (part.counterparties.length > 0 &&
        part.counterparties.every((name) => whole.counterparties.includes(name)))) &&
    (whole.hours === null || JSON.stringify(part.hours) === JSON.stringify(whole.hours))
  );
}

function isPartOfLimits(part: readonly AmountLimit[], whole: readonly AmountLimit[]): boolean {
  if (whole.length === 0) return true;
  if (part.length === 0) return false;
  return part.every(({ amount, currency }) => {
    const limit = whole.find((each) => each.currency === currency);
    const order = limit && compareAmounts(amount, limit.amount);
    return order?.ok === true && order.value <= 0;
  });
}

function isPartOfPattern(pattern: string, outer: string): boolean {
  if (!pattern.endsWith('*')) return matchesTool(outer, pattern);
  return outer.endsWith('*') && pattern.startsWith(outer.slice(0, -1));
}
