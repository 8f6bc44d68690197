import type { Tier } from '@/lib/decisions/record-payload';
import type { PolicyDocument } from '@/lib/policy/policy-document';
import type { EvidenceAmount } from './evidence-amount';

/** Least active reading before an approval, and what it is made of; milliseconds. */
export interface MinimumActive {
  tierMs: number;
  charactersMs: number;
  itemsMs: number;
  /** The parts together, or the policy's ceiling for what evidence may add. */
  totalMs: number;
}

/**
 * The tier's minimum plus what the amount of evidence asks for, the latter bounded: a long attachment must not make an
 * approval impossible. Without rules for reading it is the tier's minimum alone.
 */
export function minimumActive(
  review: Pick<PolicyDocument['review'], 'minimumActiveMs' | 'attention'>,
  tier: Tier,
  amount: EvidenceAmount,
): MinimumActive {
  const tierMs = review.minimumActiveMs[tier] ?? 0;
  const rules = review.attention?.reading;
  const charactersMs = rules ? Math.floor((rules.perThousandCharactersMs * amount.characters) / 1_000) : 0;
  const itemsMs = rules ? rules.perItemMs * amount.items : 0;
  const byEvidenceMs = rules ? Math.min(rules.atMostMs, charactersMs + itemsMs) : 0;
  return { tierMs, charactersMs, itemsMs, totalMs: tierMs + byEvidenceMs };
}
