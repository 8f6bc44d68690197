import type { EscalationState } from '@/lib/escalations/escalation-view';
import { together } from '../database/side-by-side';
import type { Tx } from '../database/transaction';
import { endDrill } from '../drills/end-drill';
import { publishEvent } from '../events/publish-event';
import { notifyCallback } from '../flow/notify-callback';
import { notifyOfEscalation } from '../notifications/notify-of-escalation';
import { newId } from '../random';
import { journal } from '../records/journal';
import type { EscalationRecord } from './escalation-record';

/** By which request, by whom, and at which pointers of the action. */
export interface Supersession {
  by: string;
  editedBy: string;
  narrowed: string[];
}

interface Ending {
  nowMs: number;
  superseded?: Supersession;
  /** How many approved, when that changes with the end. */
  approvals?: number;
  /** Null where the caller knows that no drill is behind it. */
  drill?: null;
}

/**
 * Ends a locked, pending escalation in a state that `decideTransition` allowed. Approval and denial are told by their
 * review records, a drill's by its score; every other end gets an `escalation` record here, so that no end goes
 * unrecorded.
 */
export async function endEscalation(
  tx: Tx,
  escalation: EscalationRecord,
  state: Exclude<EscalationState, 'pending'>,
  how: Ending,
): Promise<void> {
  const { id, tenant } = escalation;
  const { nowMs } = how;
  await together([
    endAs(tx, escalation, state, how),
    notifyCallback(tx, escalation, { occasion: state, nowMs }),
    publishEvent(tx, { tenant, type: 'escalation.ended', id }),
  ]);
}

async function endAs(
  tx: Tx,
  escalation: EscalationRecord,
  state: Exclude<EscalationState, 'pending'>,
  { nowMs, superseded, approvals = escalation.approvals, drill }: Ending,
): Promise<void> {
  const isDrill = drill !== null && (await endDrill(tx, escalation, { nowMs }));
  await tx.query(
    `WITH resumed AS (DELETE FROM deferrals WHERE escalation = $1 AND tenant = $2)
     UPDATE escalations SET superseded_by = $5, state = $3, version = version + 1, ended_at = $4, lease_person = NULL, lease_until = NULL,
       approvals = $6
      WHERE id = $1 AND tenant = $2`,
    [
      escalation.id,
      escalation.tenant,
      isDrill ? 'drill' : state,
      new Date(nowMs),
      superseded?.by ?? null,
      approvals,
    ],
  );
  if (state === 'expired') await notifyOfEscalation(tx, escalation, { kind: 'escalation.expired', nowMs });
  if (!isDrill && state !== 'approved' && state !== 'denied') {
    await journal(tx, {
      tenant: escalation.tenant,
      kind: 'escalation',
      id: newId('rec', nowMs),
      body: {
        escalation_id: escalation.id,
        decision_id: escalation.decision ?? undefined,
        state,
        action_digest: escalation.actionDigest,
        ...(superseded
          ? { superseded_by: superseded.by, edited_by: superseded.editedBy, narrowed: superseded.narrowed }
          : {}),
      },
      occurredAtMs: nowMs,
    });
  }
}
