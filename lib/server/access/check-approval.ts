import { jwkThumbprint } from '@/lib/core/ed25519';
import { formatInstant } from '@/lib/core/instant';
import { type Action, actionDigest } from '@/lib/tokens/action';
import type { TokenClaims } from '@/lib/tokens/claims';
import { type RedemptionRefusal, verifyToken } from '@/lib/tokens/token';
import { getConfig } from '../config';
import { getPool } from '../database/pool';
import { listApprovalKeys } from '../keys/list-approval-keys';
import { getActivePolicy } from '../policies/get-active-policy';
import type { EvaluationAnswer } from './evaluation-answer';
import type { EvaluationCaller } from './evaluation-caller';

/**
 * Re-evaluation with an approval: says whether this token lets this gateway redeem this very action now. The decision
 * stays `false` until the redemption, because only that is single-use: a gateway that reads nothing but `decision`
 * must not execute an approved action twice.
 */
export async function checkApproval(
  caller: EvaluationCaller,
  action: Action,
  token: string,
  nowMs: number,
): Promise<EvaluationAnswer> {
  const base = { action_digest: actionDigest(action) };
  const verified = verifyToken(token, {
    keys: await listApprovalKeys(),
    audience: caller.producerId,
    nowMs,
    action,
    ...(caller.publicKey ? { thumbprint: jwkThumbprint(caller.publicKey) } : {}),
  });
  const refusal = verified.ok ? await findRefusal(caller, verified.value, nowMs) : verified.code;
  if (refusal || !verified.ok) {
    return {
      decision: false,
      context: { ...base, verdict: 'refuse', reason_code: refusal, next_action: 'request' },
    };
  }
  const { jti, exp, policy } = verified.value;
  return {
    decision: false,
    context: {
      ...base,
      verdict: 'escalate',
      reason_code: 'approved',
      next_action: 'redeem',
      approval_id: jti,
      approved_until: formatInstant(exp * 1000),
      policy,
      redeem_endpoint: `${getConfig().origin}/access/v1/approvals/${jti}/redeem`,
    },
  };
}

async function findRefusal(
  caller: EvaluationCaller,
  claims: TokenClaims,
  nowMs: number,
): Promise<RedemptionRefusal | undefined> {
  const found = await getPool().query<{ redeemed: boolean; revoked: boolean }>(
    `SELECT EXISTS (SELECT 1 FROM redemptions r WHERE r.approval = a.id) AS redeemed,
            EXISTS (SELECT 1 FROM revocations v WHERE v.approval = a.id) AS revoked
       FROM approvals a WHERE a.id = $1 AND a.tenant = $2`,
    [claims.jti, caller.tenant],
  );
  const approval = found.rows[0];
  if (!approval) return 'unknown_approval';
  if (approval.revoked) return 'revoked';
  if (approval.redeemed) return 'already_redeemed';
  const policy = await getActivePolicy(caller.tenant, nowMs);
  const same = claims.policy.id === policy.id && claims.policy.version === String(policy.version);
  return same && claims.policy.digest === policy.digest ? undefined : 'policy_changed';
}
