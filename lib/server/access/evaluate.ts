import { outcomeVerdict } from '@/lib/decisions/record-payload';
import { type Action, actionDigest } from '@/lib/tokens/action';
import { nowMs as clockNowMs } from '../clock';
import { inTransaction, type Tx } from '../database/transaction';
import { isDatabaseOutage, ServiceError } from '../errors';
import { getActivePolicy } from '../policies/get-active-policy';
import { newId } from '../random';
import { journal } from '../records/journal';
import { countTelemetry } from '../telemetry/telemetry';
import { checkApproval } from './check-approval';
import { decideNow } from './decide-now';
import { type EvaluationAnswer, formatEvaluationAnswer } from './evaluation-answer';
import type { EvaluationCaller } from './evaluation-caller';
import { insertEvaluation, type MadeEvaluation } from './insert-evaluation';
import { recordActionUse } from './record-action-use';

/** How long a denial can be taken to people. */
const REQUESTABLE_MS = 5 * 60_000;

/**
 * The reference decision point (formats.md §7): decides one action under the tenant's policy in force. An allowed
 * action takes its budgets here and now; a refusal or deferral is journalled; every evaluation is kept, and one that
 * people may lift can be taken to them for five minutes. With `options.approval` nothing is decided anew: the token is
 * checked against the action and the answer says whether to redeem it. `action.context` holds no approval.
 * @throws ServiceError `policy_missing`, `state_unavailable` (nothing could be recorded, so nothing is allowed)
 */
export async function evaluate(
  caller: EvaluationCaller,
  action: Action,
  options: { approval?: string } = {},
  { nowMs = clockNowMs() } = {},
): Promise<EvaluationAnswer> {
  try {
    if (options.approval !== undefined) return await checkApproval(caller, action, options.approval, nowMs);
    const answer = await inTransaction((tx) => evaluateIn(tx, caller, action, nowMs));
    countTelemetry('countersign.evaluations', { outcome: outcomeVerdict.parse(answer.context.verdict) });
    return answer;
  } catch (cause) {
    if (isDatabaseOutage(cause) || (cause instanceof ServiceError && cause.code === 'database_unavailable')) {
      throw new ServiceError('state_unavailable', 'Nothing can be decided now; nothing was allowed.', {
        cause,
        headers: { 'retry-after': '1' },
      });
    }
    throw cause;
  }
}

async function evaluateIn(
  tx: Tx,
  caller: EvaluationCaller,
  action: Action,
  nowMs: number,
): Promise<EvaluationAnswer> {
  const { tenant } = caller;
  const policy = await getActivePolicy(tenant, nowMs, tx);
  const decision = await decideNow(tx, { tenant, policy, action, nowMs });
  const made = {
    id: newId('evl', nowMs),
    decision,
    policy,
    actionDigest: actionDigest(action),
    expiresAtMs: nowMs + REQUESTABLE_MS,
  };
  await insertEvaluation(tx, caller, made, nowMs);
  if (decision.verdict === 'allow') {
    await recordActionUse(tx, made.id, { tenant, atMs: nowMs, facts: decision.facts });
  }
  if (decision.verdict === 'refuse' || decision.verdict === 'defer') {
    await journal(tx, {
      tenant,
      kind: 'refusal',
      id: made.id,
      body: refusalBody(caller, made),
      occurredAtMs: nowMs,
    });
  }
  return formatEvaluationAnswer(made);
}

/** Digests and tokens only: what the action was about stays with the gateway. */
function refusalBody(caller: EvaluationCaller, made: MadeEvaluation): Record<string, unknown> {
  const { decision, policy } = made;
  const { facts } = decision;
  return {
    evaluation_id: made.id,
    gateway: caller.producerId,
    agent: facts.agent,
    ...(facts.principal ? { principal: facts.principal } : {}),
    tool: facts.tool,
    tier: decision.tier,
    action_digest: made.actionDigest,
    verdict: decision.verdict,
    control: decision.control,
    rule: decision.rule,
    reason_code: decision.reasonCode,
    policy: { id: policy.id, version: String(policy.version), digest: policy.digest },
    budgets: decision.budgets.map(({ name, window, used, limit, unit }) => ({
      name,
      window,
      used,
      limit,
      unit,
    })),
  };
}
