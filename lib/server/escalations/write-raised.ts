import type { Raised } from '@/lib/escalations/decide-raise';
import type { Tx } from '../database/transaction';
import { newId } from '../random';
import { journal } from '../records/journal';
import { announceRaised } from './announce-raised';
import type { EscalationRecord } from './escalation-record';

/**
 * Moves the mark of a locked, pending escalation, tells those to whom it went, and records it; `by` when a person handed
 * it up. Gives nobody a right.
 */
export async function writeRaised(
  tx: Tx,
  escalation: EscalationRecord,
  { to, reason, atMs, by }: Raised & { by?: string },
): Promise<void> {
  const { id, tenant } = escalation;
  await tx.query(
    'UPDATE escalations SET raised_at = $3, raised_to = $4, raised_reason = $5 WHERE id = $1 AND tenant = $2',
    [id, tenant, new Date(atMs), to, reason],
  );
  await announceRaised(tx, escalation, { to, atMs });
  await journal(tx, {
    tenant,
    kind: 'escalation.raised',
    id: newId('rec', atMs),
    body: {
      escalation_id: id,
      decision_id: escalation.decision ?? undefined,
      raised_to: to,
      reason_code: reason,
      raised_by: by,
      action_digest: escalation.actionDigest,
    },
    occurredAtMs: atMs,
  });
}
