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
 * What became of an approved action, told once by the approval's own gateway. The same report again is answered alike.
 * What was done must have been redeemed first. `not_forwarded` needs no redemption: a gateway whose agent is gone gives
 * the approval back, and by this report it can never be redeemed.
 * @throws ServiceError `unknown_approval`, `outcome_conflict` (another report, or something was done without redemption)
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
    if (outcome.state !== 'not_forwarded') await requireRedeemed(tx, tenant, approvalId);
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

async function requireRedeemed(tx: Tx, tenant: string, approvalId: string): Promise<void> {
  const redeemed = await tx.query('SELECT 1 FROM redemptions WHERE approval = $1 AND tenant = $2', [
    approvalId,
    tenant,
  ]);
  if (redeemed.rowCount === 0) throw new ServiceError('outcome_conflict', 'The approval was not redeemed.');
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
