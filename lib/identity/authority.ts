import { compareAmounts } from '@/lib/core/money';
import { err, ok, type Result } from '@/lib/core/result';
import { TIERS, type Tier } from '@/lib/decisions/record-payload';

/** What one reviewer may approve in one tenant. Having none at all means: nothing. */
export interface Authority {
  /** The gravest tier. */
  maxTier: Tier;
  /** Decimal string, inclusive; null means any amount. */
  maxAmount: string | null;
  /** ISO 4217 code of `maxAmount`; an action in another currency is not covered. */
  currency: string | null;
  /** Exact tool names, or prefixes ending in `*`; empty means every tool. */
  tools: string[];
}

/** What authority is measured against. */
export interface AuthorityNeed {
  tier: Tier;
  tool: string;
  amount: string | null;
  currency: string | null;
}

export type AuthorityCode =
  | 'no_authority'
  | 'tier_exceeded'
  | 'tool_not_covered'
  | 'currency_not_covered'
  | 'amount_exceeded'
  | 'amount_unreadable';

/** True when `pattern` is this very name, or a prefix of it ending in `*`. */
export function matchesTool(pattern: string, tool: string): boolean {
  return pattern.endsWith('*') ? tool.startsWith(pattern.slice(0, -1)) : pattern === tool;
}

/**
 * Whether an authority reaches as far as an action needs. Amounts are compared exactly, never across currencies; what
 * cannot be read is not covered.
 */
export function decideAuthority(
  authority: Authority | null,
  need: AuthorityNeed,
): Result<true, AuthorityCode> {
  if (!authority) return err('no_authority');
  if (TIERS.indexOf(need.tier) > TIERS.indexOf(authority.maxTier)) return err('tier_exceeded');
  if (authority.tools.length > 0 && !authority.tools.some((pattern) => matchesTool(pattern, need.tool)))
    return err('tool_not_covered');
  if (authority.maxAmount === null || need.amount === null) return ok(true);
  if (authority.currency === null || authority.currency !== need.currency) return err('currency_not_covered');
  const magnitude = need.amount.startsWith('-') ? need.amount.slice(1) : need.amount;
  const order = compareAmounts(magnitude, authority.maxAmount);
  if (!order.ok) return err('amount_unreadable');
  return order.value > 0 ? err('amount_exceeded') : ok(true);
}
