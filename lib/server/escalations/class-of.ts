import type { ActionReading } from '@/lib/policy/action-facts';
import { classifyCounterparty, knownWithinMs } from '@/lib/policy/classify-counterparty';
import type { PolicyDocument } from '@/lib/policy/policy-document';
import type { Action } from '@/lib/tokens/action';
import type { Tx } from '../database/transaction';

/** The counterparty's class as it is when people are asked; actions after that make nobody known to this request. */
export async function classOf(
  tx: Tx,
  input: { tenant: string; document: PolicyDocument; action: Action; reading: ActionReading; nowMs: number },
): Promise<string | null> {
  const { document, action, reading, nowMs } = input;
  const { counterparty } = reading.facts;
  if (counterparty === null) return null;
  const earlier = await tx.query(
    'SELECT 1 FROM action_uses WHERE tenant = $1 AND counterparty = $2 AND at > $3 AND at <= $4 LIMIT 1',
    [input.tenant, counterparty, new Date(nowMs - knownWithinMs(document)), new Date(nowMs)],
  );
  return classifyCounterparty(document, action, reading, (earlier.rowCount ?? 0) > 0);
}
