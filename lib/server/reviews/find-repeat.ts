import { decodeUtf8 } from '@/lib/core/bytes';
import type { DecideRequest } from '@/lib/escalations/escalation-view';
import type { Tx } from '../database/transaction';
import { ServiceError } from '../errors';
import type { EscalationRecord } from '../escalations/escalation-record';
import { readPayload } from '../payloads/read-payload';
import type { Reviewer } from './reviewer';

/**
 * True when this person gave this very verdict before: an answer was lost, or a button was pressed twice.
 * @throws ServiceError `already_decided` when they gave another one: a verdict is final
 */
export async function findRepeat(
  tx: Tx,
  viewer: Reviewer,
  escalation: EscalationRecord,
  request: DecideRequest,
): Promise<boolean> {
  const { id, tenant } = escalation;
  const found = await tx.query<{ verdict: string; reason_code: string; reason_ref: string }>(
    `SELECT verdict, reason_code, reason_ref FROM reviews WHERE escalation = $1 AND tenant = $2 AND person = $3
     UNION ALL
     SELECT verdict, reason_code, reason_ref FROM drill_scores WHERE escalation = $1 AND tenant = $2 AND person = $3`,
    [id, tenant, viewer.person.id],
  );
  const earlier = found.rows[0];
  if (!earlier) return false;
  const reason = await readPayload(tx, { tenant, ref: earlier.reason_ref });
  const text = reason ? decodeUtf8(reason.bytes) : null;
  const same =
    earlier.verdict === request.verdict &&
    earlier.reason_code === request.reasonCode &&
    text?.ok === true &&
    text.value === request.reasonText &&
    escalation.actionDigest === request.actionDigest &&
    escalation.instance === request.instance;
  if (!same) throw new ServiceError('already_decided', 'You have decided this already.');
  return true;
}
