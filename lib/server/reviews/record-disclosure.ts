import { DECIDING_ROLES, holdsRole } from '@/lib/identity/permissions';
import type { Tx } from '../database/transaction';
import type { EscalationRecord } from '../escalations/escalation-record';
import { newId } from '../random';
import { journal } from '../records/journal';
import type { Reviewer } from './reviewer';

/**
 * Records, once per person and escalation, that its content is disclosed to them. Call it in the transaction that reads
 * the content: what cannot be recorded is not shown.
 */
export async function recordDisclosure(
  tx: Tx,
  viewer: Reviewer,
  escalation: EscalationRecord,
  { nowMs }: { nowMs: number },
): Promise<void> {
  const first = await tx.query(
    `INSERT INTO review_sessions (escalation, person, tenant, read_at) VALUES ($1, $2, $3, $4)
     ON CONFLICT (escalation, person) DO NOTHING`,
    [escalation.id, viewer.person.id, escalation.tenant, new Date(nowMs)],
  );
  if (first.rowCount === 0) return;
  const refs = [escalation.actionRef, escalation.evidenceRef].filter((ref) => ref !== null);
  const payloads = await tx.query<{ ref: string; digest: string }>(
    'SELECT ref, digest FROM payloads WHERE tenant = $1 AND ref = ANY($2) ORDER BY ref',
    [escalation.tenant, refs],
  );
  await journal(tx, {
    tenant: escalation.tenant,
    kind: 'payload.read',
    id: newId('rec', nowMs),
    body: {
      escalation_id: escalation.id,
      person: viewer.person.id,
      purpose: holdsRole(viewer.roles, DECIDING_ROLES) ? 'review' : 'oversight',
      payloads: payloads.rows.map(({ ref, digest }) => ({ ref, digest })),
    },
    occurredAtMs: nowMs,
  });
}
