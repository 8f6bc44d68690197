import type { LoadView } from '@/lib/escalations/load-view';
import type { AttentionRules } from '@/lib/policy/attention-rules';
import type { Tx } from '../database/transaction';
import { publishEvent } from '../events/publish-event';
import type { Reviewer } from '../reviews/reviewer';
import { findLoad } from './find-load';
import { recordAttentionEvent } from './record-event';

/**
 * Somebody who has just reached a limit gives back, at once, what they hold and have not begun to read, so that the next
 * person is offered it; what they read, they may finish. Each limit is noted once. Changes nothing below the limits.
 * @param given.rules those of the policy in force, where they are known already
 * @returns their load
 */
export async function handOver(
  tx: Tx,
  viewer: Reviewer,
  { nowMs, rules }: { nowMs: number; rules?: AttentionRules | null | undefined },
): Promise<LoadView | null> {
  const tenant = viewer.tenant.id;
  const person = viewer.person.id;
  const load = await findLoad(tx, { tenant, person }, { nowMs, rules });
  if (load?.reachedAt == null) return load;
  const reasonCode = load.used >= load.limit ? 'decisions_per_hour' : 'active_minutes';
  const noted = await tx.query(
    `SELECT 1 FROM attention_events WHERE tenant = $1 AND person = $2 AND kind = 'limit_reached' AND at >= $3 LIMIT 1`,
    [tenant, person, load.reachedAt],
  );
  if (noted.rowCount === 0)
    await recordAttentionEvent(tx, { tenant, person, kind: 'limit_reached', reasonCode, atMs: nowMs });
  const back = await tx.query<{ id: string }>(
    `UPDATE escalations e SET lease_person = NULL, lease_until = NULL
      WHERE e.id IN (
        SELECT h.id FROM escalations h
         WHERE h.tenant = $1 AND h.state = 'pending' AND h.lease_person = $2
           AND NOT EXISTS (SELECT 1 FROM review_sessions s
                            WHERE s.escalation = h.id AND s.person = $2 AND s.opened_at IS NOT NULL)
         ORDER BY h.id FOR UPDATE SKIP LOCKED)
      RETURNING e.id`,
    [tenant, person],
  );
  for (const { id } of back.rows) {
    await recordAttentionEvent(tx, {
      tenant,
      person,
      kind: 'put_back',
      reasonCode,
      escalation: id,
      atMs: nowMs,
    });
    await publishEvent(tx, { tenant, type: 'escalation.changed', id });
  }
  return load;
}
