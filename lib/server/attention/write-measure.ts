import type { EvidenceAmount } from '@/lib/attention/evidence-amount';
import type { Tx } from '../database/transaction';
import type { EscalationRecord } from '../escalations/escalation-record';
import type { ActivePolicy } from '../policies/get-active-policy';
import type { Reviewer } from '../reviews/reviewer';

/** Keeps beside a verdict how much there was to read: the evidence expires before the question whether it was read does. */
export async function writeMeasure(
  tx: Tx,
  viewer: Reviewer,
  { id, tenant, tier }: EscalationRecord,
  { amount, policy }: { amount: EvidenceAmount; policy: Pick<ActivePolicy, 'document'> },
): Promise<void> {
  await tx.query(
    `INSERT INTO review_measures (escalation, person, tenant, characters, items, required_sections)
     VALUES ($1, $2, $3, $4, $5, $6)`,
    [
      id,
      viewer.person.id,
      tenant,
      amount.characters,
      amount.items,
      policy.document.review.requiredSections[tier] ?? [],
    ],
  );
}
