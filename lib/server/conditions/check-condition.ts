import { checkPlace } from '@/lib/conditions/check-stored-record';
import type { ConditionScope } from '@/lib/conditions/condition';
import { parseScope } from '@/lib/conditions/condition';
import type { ConditionCheck } from '@/lib/conditions/condition-view';
import { isAcceptedGap } from '@/lib/conditions/scopes-of';
import { findApproval } from '../approvals/find-approval';
import type { Tx } from '../database/transaction';
import { findEscalation } from '../escalations/escalation-record';
import { listHeldParents } from '../mesh/list-held-parents';
import type { ConditionRow } from './condition-row';
import { findConditions } from './find-conditions';
import { listPriorConditions } from './list-prior-conditions';
import { listGaps } from './open-conditions';
import { readStoredRecords } from './read-stored-records';

const WHOLE: ConditionCheck = { holds: false, detail: 'The check passes now.' };

/** Looks again at what a condition is about, with the evidence as it is now. */
export async function checkCondition(
  tx: Tx,
  condition: ConditionRow,
  nowMs: number,
): Promise<ConditionCheck> {
  const scope = parseScope(condition.scope);
  switch (scope?.kind) {
    case 'stream':
      return checkStream(tx, condition, scope.stream);
    case 'record':
      return checkRecordPlace(tx, scope);
    case 'decision':
      return checkDecision(tx, condition, scope.id);
    case 'escalation':
      return checkEscalation(tx, condition, scope.id, nowMs);
    default:
      return { holds: true, detail: 'Its scope cannot be read.' };
  }
}

async function checkStream(tx: Tx, { tenant, scope }: ConditionRow, stream: string): Promise<ConditionCheck> {
  const prior = await listPriorConditions(tx, tenant, [scope]);
  const open = (await listGaps(tx, stream)).filter((gap) => !isAcceptedGap({ ...gap, stream }, prior));
  const [first] = open;
  if (!first) return WHOLE;
  const { fromSeq, toSeq } = first;
  const missing = open.reduce((n, gap) => n + gap.toSeq - gap.fromSeq + 1, 0);
  return {
    holds: true,
    detail: `${missing} ${missing === 1 ? 'number is' : 'numbers are'} still missing, the first from ${fromSeq} to ${toSeq}.`,
  };
}

async function checkRecordPlace(
  tx: Tx,
  place: Extract<ConditionScope, { kind: 'record' }>,
): Promise<ConditionCheck> {
  const [record] = await readStoredRecords(tx, [place]);
  const placed = record && checkPlace(record);
  if (placed?.ok) return WHOLE;
  return {
    holds: true,
    detail: `Record ${place.position} of ${place.stream} still does not verify: ${placed?.code}.`,
  };
}

async function checkDecision(tx: Tx, { tenant, code }: ConditionRow, id: string): Promise<ConditionCheck> {
  const [parent] = await listHeldParents(tx, tenant, [id]);
  const here = await tx.query('SELECT 1 FROM decisions WHERE id = $1 AND tenant = $2 LIMIT 1', [id, tenant]);
  const held = code === 'lineage_hole' ? parent?.held === true : (here.rowCount ?? 0) > 0;
  if (held) return WHOLE;
  return { holds: true, detail: parent?.fault ?? `Decision ${id} is still missing.` };
}

async function checkEscalation(
  tx: Tx,
  { tenant, code, scope }: ConditionRow,
  id: string,
  nowMs: number,
): Promise<ConditionCheck> {
  const escalation = await findEscalation(tx, { tenant, id });
  if (!escalation) return { holds: true, detail: 'The escalation is not there.' };
  const approval = await findApproval(tx, { tenant, escalation: id });
  const { found } = await findConditions(tx, escalation, approval?.id ?? null, nowMs);
  const still = found.find((one) => one.code === code && one.scope === scope);
  return still ? { holds: true, detail: still.detail } : WHOLE;
}
