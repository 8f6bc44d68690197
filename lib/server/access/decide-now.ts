import { readAction } from '@/lib/policy/action-facts';
import { decidePolicy, type PolicyDecision } from '@/lib/policy/decide-policy';
import { stateQueriesOf } from '@/lib/policy/state-queries';
import type { Action } from '@/lib/tokens/action';
import type { Tx } from '../database/transaction';
import type { ActivePolicy } from '../policies/get-active-policy';
import { gatherState } from './gather-state';

/**
 * What the policy says of an action now, with the state of this moment; the scopes it asks about stay locked until the
 * commit. People can lift an escalation, not a limit that refuses: two approvals, each within a budget when it was
 * evaluated, must not pass it together when they are redeemed.
 */
export async function decideNow(
  tx: Tx,
  asked: { tenant: string; policy: ActivePolicy; action: Action; nowMs: number },
): Promise<PolicyDecision> {
  const { document } = asked.policy;
  const { facts } = readAction(document, asked.action);
  const queries = stateQueriesOf(document, facts);
  const state = await gatherState(tx, asked.tenant, facts, queries, asked.nowMs);
  return decidePolicy(document, asked.action, state);
}
