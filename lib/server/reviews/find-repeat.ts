import { decodeUtf8 } from '@/lib/core/bytes';
import type { DecideRequest } from '@/lib/escalations/escalation-view';
import type { Tx } from '../database/transaction';
import { ServiceError } from '../errors';
import type { EscalationRecord } from '../escalations/escalation-record';
import { readPayload } from '../payloads/read-payload';
import type { Reviewer } from './reviewer';

/** What one person said of an escalation before. */
export interface EarlierVerdict {
  verdict: string;
  reasonCode: string;
  reasonRef: string;
}

/** This person's verdict so far; null when they gave none. */
export async function findEarlierVerdict(
  tx: Tx,
  viewer: Reviewer,
  { tenant, id }: { tenant: string; id: string },
): Promise<EarlierVerdict | null> {
  const found = await tx.query<EarlierVerdict>(
    `SELECT verdict, reason_code AS "reasonCode", reason_ref AS "reasonRef" FROM reviews
      WHERE escalation = $1 AND tenant = $2 AND person = $3
     UNION ALL
     SELECT verdict, reason_code, reason_ref FROM drill_scores WHERE escalation = $1 AND tenant = $2 AND person = $3`,
    [id, tenant, viewer.person.id],
  );
  return found.rows[0] ?? null;
}

/**
 * True when this person gave this very verdict before: an answer was lost, or a button was pressed twice.
 * @throws ServiceError `already_decided` when they gave another one: a verdict is final
 */
export async function isRepeat(
  tx: Tx,
  escalation: EscalationRecord,
  request: DecideRequest,
  earlier: EarlierVerdict | null,
): Promise<boolean> {
  if (!earlier) return false;
  const reason = await readPayload(tx, { tenant: escalation.tenant, ref: earlier.reasonRef });
  const text = reason ? decodeUtf8(reason.bytes) : null;
  const same =
    earlier.verdict === request.verdict &&
    earlier.reasonCode === request.reasonCode &&
    text?.ok === true &&
    text.value === request.reasonText &&
    escalation.actionDigest === request.actionDigest &&
    escalation.instance === request.instance;
  if (!same) throw new ServiceError('already_decided', 'You have decided this already.');
  return true;
}
