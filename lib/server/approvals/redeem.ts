import { jwkThumbprint } from '@/lib/core/ed25519';
import { formatDigest } from '@/lib/core/hash';
import { formatInstant } from '@/lib/core/instant';
import { formatCanonicalJson, type JsonValue } from '@/lib/core/json';
import type { Result } from '@/lib/core/result';
import type { RedeemRequest, RedemptionReceipt } from '@/lib/escalations/access-request';
import { decideQuorum } from '@/lib/escalations/quorum';
import { type Action, actionDigest, parseAction } from '@/lib/tokens/action';
import type { TokenClaims } from '@/lib/tokens/claims';
import { parseToken, type RedemptionRefusal, type TokenRefusal, verifyToken } from '@/lib/tokens/token';
import { decideNow } from '../access/decide-now';
import { recordActionUse } from '../access/record-action-use';
import { nowMs as clockNowMs } from '../clock';
import { recordConditions } from '../conditions/record-conditions';
import { requireSoundAction } from '../conditions/require-sound-action';
import { sideBySide, together } from '../database/side-by-side';
import { inTransaction, planOnce, prepared, type Tx } from '../database/transaction';
import { ServiceError } from '../errors';
import { type EscalationRecord, findEscalation } from '../escalations/escalation-record';
import { publishEvent } from '../events/publish-event';
import { findHumans } from '../identity/find-humans';
import { listApprovalKeys } from '../keys/list-approval-keys';
import { requireLogHealthy } from '../log/require-log-healthy';
import { requireRequestingKind } from '../machine-auth/require-kind';
import type { ProducerCaller } from '../machine-auth/require-producer';
import { getActivePolicy } from '../policies/get-active-policy';
import { newId } from '../random';
import { journal } from '../records/journal';
import { findVerdicts, listApprovers } from '../reviews/find-verdicts';
import { countTelemetry } from '../telemetry/telemetry';
import { requireLogWitnessed } from '../witnesses/require-log-witnessed';
import { findApproval } from './find-approval';
import { recordRefusedRedemption } from './record-refused-redemption';
import { verifyReviewRecord } from './verify-review-record';

/**
 * Spends an approval, once, for the action as it is about to be executed. Checks in order, the first that fails is the
 * answer: token's signature, approval known, audience and redeeming key, time, revocation, first use, action (digest and
 * inline members), policy still in force, review record still verifies, the action's evidence is whole (`requireSoundAction`), no limit that people cannot
 * lift is passed by now. What smells of tampering or replay is journalled, and what is not whole becomes a condition.
 * @throws ServiceError `producer_kind`, `malformed_request`, the refusal codes of formats.md §7 and those of conditions
 */
export async function redeemApproval(
  caller: ProducerCaller,
  approvalId: string,
  request: RedeemRequest,
  { nowMs = clockNowMs() } = {},
): Promise<RedemptionReceipt> {
  requireRequestingKind(caller);
  const action = parseAction(request.action);
  if (!action.ok) throw new ServiceError('malformed_request', `The action: ${action.detail ?? action.code}.`);
  try {
    const receipt = await inTransaction((tx) =>
      spendApproval(prepared(tx), caller, { approvalId, token: request.token, action: action.value, nowMs }),
    );
    countTelemetry('countersign.redemptions', { result: 'redeemed' });
    return receipt;
  } catch (error) {
    if (error instanceof ServiceError) {
      countTelemetry('countersign.redemptions', { result: error.code });
      await recordRefusedRedemption(caller, { approvalId, code: error.code, detail: error.detail, nowMs });
      await recordConditions(caller.tenant, approvalId, error, nowMs);
    }
    throw error;
  }
}

async function spendApproval(
  tx: Tx,
  caller: ProducerCaller,
  input: { approvalId: string; token: string; action: Action; nowMs: number },
): Promise<RedemptionReceipt> {
  const { approvalId, nowMs, action } = input;
  const { tenant } = caller;
  // Whether it is spent is asked before the lock, so that a flood of replays does not queue up for it; and again under it.
  const [keys, known, unspent] = await sideBySide([
    listApprovalKeys(tx),
    findApproval(tx, { tenant, id: approvalId }),
    requireUnspent(tx, tenant, approvalId),
  ]);
  const verified = verifyToken(input.token, {
    keys: keys(),
    audience: caller.producerId,
    thumbprint: jwkThumbprint(caller.publicKey),
    nowMs,
    action,
  });
  refuseIf(verified, 'signature_invalid');
  const claims = requireClaims(input.token);
  const approval = claims.jti === approvalId ? known() : null;
  if (!approval || canonical(approval.claims) !== canonical(claims)) {
    throw refusal('unknown_approval', 'No approval has this id.');
  }
  refuseIf(verified, 'audience_mismatch');
  refuseIf(verified, 'approval_expired');
  unspent();
  // Two redemptions of one approval wait for each other here; the unique key of `redemptions` is the arbiter.
  const [, locked, stillUnspent] = await sideBySide([
    planOnce(tx),
    findEscalation(tx, { tenant, id: approval.escalation }, { lock: true }),
    requireUnspent(tx, tenant, approvalId),
  ]);
  const escalation = locked();
  if (!escalation) throw refusal('unknown_approval', 'No approval has this id.');
  stillUnspent();
  refuseIf(verified, 'action_mismatch');
  // Read at once, and told in the order of the checks.
  const [soundAction, active, reviewRecord, quorum] = await sideBySide([
    requireSoundAction(tx, escalation, { approvalId, nowMs }),
    getActivePolicy(tenant, nowMs, tx),
    requireReviewRecord(tx, tenant, claims),
    requireQuorum(tx, escalation),
  ]);
  const policy = active();
  if (
    policy.id !== claims.policy.id ||
    String(policy.version) !== claims.policy.version ||
    policy.digest !== claims.policy.digest
  ) {
    throw refusal('policy_changed', 'The policy has changed since the approval.');
  }
  reviewRecord();
  quorum();
  soundAction();
  await requireLogWitnessed(tx, policy, nowMs);
  const decision = await decideNow(tx, { tenant, policy, action, nowMs });
  if (decision.verdict === 'refuse' || decision.verdict === 'defer') {
    throw refusal(
      'policy_changed',
      `By now the policy refuses this action (${decision.control}: ${decision.rule}).`,
    );
  }
  await recordActionUse(tx, escalation.evaluation, { tenant, atMs: nowMs, facts: decision.facts });
  await publishEvent(tx, { tenant, type: 'approval.redeemed', id: escalation.id });
  const digest = actionDigest(action);
  const record = await journal(tx, {
    tenant,
    kind: 'approval.redeemed',
    id: newId('rec', nowMs),
    body: {
      approval_id: approvalId,
      escalation_id: escalation.id,
      decision_id: escalation.decision ?? undefined,
      gateway: caller.producerId,
      action_digest: digest,
    },
    occurredAtMs: nowMs,
  });
  const inserted = await tx.query(
    `INSERT INTO redemptions (approval, tenant, gateway, action_digest, redeemed_at, stream, position)
     VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (approval) DO NOTHING`,
    [approvalId, tenant, caller.producerId, digest, new Date(nowMs), record.stream, record.position],
  );
  if (inserted.rowCount !== 1) throw refusal('already_redeemed', 'This approval was used.');
  return {
    approval_id: approvalId,
    redeemed_at: formatInstant(nowMs),
    action_digest: digest,
    record: {
      stream: record.stream,
      position: record.position,
      link: formatDigest('blake2b-512', record.link),
    },
  };
}

/**
 * The quorum counted anew, by humans as they are known by now: accounts may have been linked since,
 * and a link that ended since the request came still counts.
 * @throws ServiceError `duplicate_human`
 */
async function requireQuorum(tx: Tx, escalation: EscalationRecord): Promise<void> {
  const [{ humanOf }, verdicts] = await together([
    findHumans(tx, escalation.tenant, escalation.createdAtMs),
    findVerdicts(tx, escalation),
  ]);
  const approvers = listApprovers(verdicts, humanOf);
  if (!decideQuorum(escalation.quorum, approvers).reached)
    throw refusal('duplicate_human', 'Fewer people than needed: two of those who approved are one.');
}

async function requireUnspent(tx: Tx, tenant: string, approvalId: string): Promise<void> {
  const found = await tx.query<{ revoked: boolean; redeemed: boolean; given_back: boolean }>(
    `SELECT EXISTS (SELECT 1 FROM revocations WHERE approval = $1 AND tenant = $2) AS revoked,
            EXISTS (SELECT 1 FROM redemptions WHERE approval = $1 AND tenant = $2) AS redeemed,
            EXISTS (SELECT 1 FROM outcomes WHERE approval = $1 AND tenant = $2) AS given_back`,
    [approvalId, tenant],
  );
  if (found.rows[0]?.revoked) throw refusal('revoked', 'This approval was revoked.');
  if (found.rows[0]?.redeemed) throw refusal('already_redeemed', 'This approval was used.');
  // Only what was not forwarded is reported without a redemption.
  if (found.rows[0]?.given_back)
    throw refusal('revoked', 'Its gateway gave this approval back: not forwarded.');
}

async function requireReviewRecord(tx: Tx, tenant: string, claims: TokenClaims): Promise<void> {
  try {
    await requireLogHealthy(tx);
  } catch (error) {
    if (error instanceof ServiceError && error.code === 'log_halted') {
      throw refusal('record_unverifiable', 'The log contradicts itself.');
    }
    throw error;
  }
  const record = await verifyReviewRecord(tx, tenant, claims);
  if (!record.ok) throw refusal('record_unverifiable', `The review record does not verify: ${record.code}.`);
}

/** Throws the token's refusal when it is this one. */
function refuseIf(verified: Result<TokenClaims, TokenRefusal>, code: TokenRefusal): void {
  if (!verified.ok && verified.code === code) throw refusal(code, verified.detail);
}

function refusal(code: RedemptionRefusal, detail?: string): ServiceError {
  return new ServiceError(code, detail);
}

function requireClaims(token: string): TokenClaims {
  const parsed = parseToken(token);
  if (!parsed.ok) throw refusal('signature_invalid', parsed.code);
  return parsed.value.claims;
}

function canonical(claims: TokenClaims): string {
  return formatCanonicalJson(claims as JsonValue);
}
