import type { Quorum } from '@/lib/escalations/escalation-view';
import type { AttentionRules } from '@/lib/policy/attention-rules';
import type { Tx } from '../database/transaction';
import type { EscalationRecord } from '../escalations/escalation-record';
import { newId } from '../random';
import { journal } from '../records/journal';
import type { Reviewer } from '../reviews/reviewer';
import { findFatigue } from './find-fatigue';
import { recordAttentionEvent } from './record-event';

/**
 * Before an approval is counted: where the policy wants a second reviewer beside a tired one, the quorum gets one more
 * place, once. The change is an `escalation` record with its reason code; the next reviewer sees neither whom it is about
 * nor the first verdict.
 * @param given.rules those of the policy in force
 * @returns the quorum that counts
 */
export async function addSecondReviewer(
  tx: Tx,
  viewer: Reviewer,
  escalation: EscalationRecord,
  { rules, nowMs }: { rules: AttentionRules | null; nowMs: number },
): Promise<Quorum> {
  const { id, tenant, quorum } = escalation;
  const at = { tenant, person: viewer.person.id };
  if (rules?.whenFatigued !== 'secondReviewer') return quorum;
  const fatigue = await findFatigue(tx, at, { nowMs });
  if (!fatigue) return quorum;
  const added = await tx.query(
    `SELECT 1 FROM attention_events WHERE tenant = $1 AND escalation = $2 AND kind = 'second_reviewer' LIMIT 1`,
    [tenant, id],
  );
  if (added.rowCount !== 0) return quorum;
  const wider: Quorum = [...quorum, { role: 'reviewer', count: 1 }];
  await tx.query('UPDATE escalations SET quorum = $3 WHERE id = $1 AND tenant = $2', [
    id,
    tenant,
    JSON.stringify(wider),
  ]);
  await recordAttentionEvent(tx, {
    ...at,
    kind: 'second_reviewer',
    reasonCode: fatigue.reasonCode,
    escalation: id,
    atMs: nowMs,
  });
  await journal(tx, {
    tenant,
    kind: 'escalation',
    id: newId('rec', nowMs),
    body: {
      escalation_id: id,
      decision_id: escalation.decision ?? undefined,
      state: 'pending',
      action_digest: escalation.actionDigest,
      reason_code: fatigue.reasonCode,
      quorum: wider,
    },
    occurredAtMs: nowMs,
  });
  return wider;
}
