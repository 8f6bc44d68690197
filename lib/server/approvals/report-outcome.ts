import { formatInstant } from '@/lib/core/instant';
import { formatCanonicalJson, type JsonValue } from '@/lib/core/json';
import { type OutcomeReceipt, type OutcomeRequest, outcomeRequest } from '@/lib/escalations/access-request';
import { nowMs as clockNowMs } from '../clock';
import { inTransaction, type Tx } from '../database/transaction';
import { ServiceError } from '../errors';
import { findEscalation } from '../escalations/escalation-record';
import { publishEvent } from '../events/publish-event';
import type { ProducerCaller } from '../machine-auth/require-producer';
import { newId } from '../random';
import { journal } from '../records/journal';
import { findApproval } from './find-approval';

interface OutcomeRow {
  state: OutcomeReceipt['state'];
  downstream: unknown;
  reported_at: Date;
  stream: string;
  position: number;
}

/**
 * What became of a redeemed action, told once by the gateway that redeemed it. The same report again is answered alike.
 * @throws ServiceError `unknown_approval`, `outcome_conflict` (another report, or nothing was redeemed)
 */
export async function reportOutcome(
  caller: Pick<ProducerCaller, 'tenant' | 'producerId'>,
  approvalId: string,
  outcome: OutcomeRequest,
  { nowMs = clockNowMs() } = {},
): Promise<OutcomeReceipt> {
  const { tenant } = caller;
  return inTransaction(async (tx) => {
    const approval = await findApproval(tx, { tenant, id: approvalId });
    if (approval?.audience !== caller.producerId) {
      throw new ServiceError('unknown_approval', 'No approval of yours has this id.');
    }
    const escalation = await findEscalation(tx, { tenant, id: approval.escalation }, { lock: true });
    const reported = await findOutcome(tx, tenant, approvalId);
    if (reported) return requireSame(approvalId, reported, outcome);
    const redeemed = await tx.query('SELECT 1 FROM redemptions WHERE approval = $1 AND tenant = $2', [
      approvalId,
      tenant,
    ]);
    if (redeemed.rowCount === 0) throw new ServiceError('outcome_conflict', 'The approval was not redeemed.');
    await publishEvent(tx, { tenant, type: 'outcome.reported', id: approval.escalation });
    const record = await journal(tx, {
      tenant,
      kind: 'action.outcome',
      id: newId('rec', nowMs),
      body: {
        decision_id: escalation?.decision ?? undefined,
        approval_id: approvalId,
        state: outcome.state,
        downstream: outcome.downstream,
      },
      occurredAtMs: nowMs,
    });
    await tx.query(
      `INSERT INTO outcomes (approval, tenant, state, downstream, reported_at, stream, position)
       VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      [
        approvalId,
        tenant,
        outcome.state,
        JSON.stringify(outcome.downstream),
        new Date(nowMs),
        record.stream,
        record.position,
      ],
    );
    return {
      approval_id: approvalId,
      state: outcome.state,
      reported_at: formatInstant(nowMs),
      record: { stream: record.stream, position: record.position },
    };
  });
}

async function findOutcome(tx: Tx, tenant: string, approvalId: string): Promise<OutcomeRow | null> {
  const found = await tx.query<OutcomeRow>(
    'SELECT state, downstream, reported_at, stream, position FROM outcomes WHERE approval = $1 AND tenant = $2',
    [approvalId, tenant],
  );
  return found.rows[0] ?? null;
}

function requireSame(approvalId: string, row: OutcomeRow, outcome: OutcomeRequest): OutcomeReceipt {
  const earlier = outcomeRequest.parse({ state: row.state, downstream: row.downstream });
  if (formatCanonicalJson(earlier as JsonValue) !== formatCanonicalJson(outcome as JsonValue)) {
    throw new ServiceError('outcome_conflict', 'Another outcome was reported before.');
  }
  return {
    approval_id: approvalId,
    state: row.state,
    reported_at: formatInstant(row.reported_at.getTime()),
    record: { stream: row.stream, position: row.position },
  };
}
