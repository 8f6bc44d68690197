import { type FoundCondition, mayAccept } from '@/lib/conditions/condition';
import { decideConditions } from '@/lib/conditions/decide-conditions';
import { isAcceptedGap, type PriorCondition } from '@/lib/conditions/scopes-of';
import type { Tx } from '../database/transaction';
import type { EscalationRecord } from '../escalations/escalation-record';
import { gatherActionEvidence } from './gather-action-evidence';

export interface ActionConditions {
  /** What the evidence shows now, without what somebody has answered for. */
  found: FoundCondition[];
  /** Recorded and not closed, though the evidence shows it no more: somebody must look before authority flows again. */
  unresolved: PriorCondition[];
}

/** Checks one action's evidence afresh. `approvalId`: null while no token exists. */
export async function findConditions(
  tx: Tx,
  escalation: EscalationRecord,
  approvalId: string | null,
  nowMs: number,
): Promise<ActionConditions> {
  const { evidence, prior } = await gatherActionEvidence(tx, escalation, approvalId, nowMs);
  const gaps = evidence.gaps.filter((gap) => !isAcceptedGap(gap, prior));
  const found = decideConditions({ ...evidence, gaps }).filter(
    ({ code, scope }) =>
      !(
        scope.startsWith('decision:') &&
        prior.some((one) => !one.open && one.code === code && one.scope === scope)
      ),
  );
  const unresolved = prior.filter(
    ({ open, code, scope }) =>
      // What was missing and has come is closed by itself; everything else waits for a person.
      open && !mayAccept(code) && !found.some((one) => one.code === code && one.scope === scope),
  );
  return { found, unresolved };
}
