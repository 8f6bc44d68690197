import type { ReviewStatement } from '@/lib/escalations/record-bodies';
import type { Tx } from '../database/transaction';
import { findImpression } from './find-recommendation';

/** What a review record keeps of a machine's recommendation: the first impression, what was recommended, whether the mind changed. */
export async function impressionOf(
  tx: Tx,
  escalation: { id: string; tenant: string; recommendationRef: string | null },
  { reviewer, verdict }: Pick<ReviewStatement, 'reviewer' | 'verdict'>,
): Promise<{ impression?: { impression: string; recommended: string; changed: boolean } }> {
  // Nobody records an impression where nothing is recommended.
  if (escalation.recommendationRef === null) return {};
  const found = await findImpression(tx, escalation, reviewer);
  if (!found) return {};
  const { impression, recommended } = found;
  return { impression: { impression, recommended, changed: impression !== verdict } };
}
