/**
 * What a token must satisfy beyond its signature: the quorum and the policy that this gateway was told of when it asked,
 * and the quorum that its operator pinned. Whoever presents a token does not choose who had to agree.
 */
import type { TokenClaims } from '@/lib/tokens/claims';
import { checkTokenQuorum, type QuorumPlace } from '@/lib/tokens/quorum';
import { failure, type GatewayResult } from './gateway-result';

/** Under which terms people were asked. */
export interface ApprovalTerms {
  /** AND of roles, each filled by distinct people. */
  quorum: readonly QuorumPlace[];
  /** The policy lets an opened break-glass stand in for a senior reviewer here. */
  breakGlass: boolean;
  /** `sha-256:hex` of the policy under which people were asked. */
  policyDigest: string;
}

/**
 * Holds verified claims to the terms of their request and to the operator's own floor, which no policy and no break-glass
 * lowers.
 */
export function checkTerms(
  claims: TokenClaims,
  terms: ApprovalTerms | undefined,
  floor: readonly QuorumPlace[] | undefined,
): GatewayResult<TokenClaims> {
  if (terms && claims.policy.digest !== terms.policyDigest)
    return failure('token_refused', { problem: 'policy_changed' });
  const asked = terms
    ? checkTokenQuorum(claims.approvals, terms.quorum, { breakGlass: terms.breakGlass })
    : null;
  if (asked && !asked.ok) return failure('token_refused', { problem: asked.code });
  if (floor === undefined) return { ok: true, value: claims };
  const pinned = checkTokenQuorum(claims.approvals, floor, { breakGlass: false });
  return pinned.ok
    ? { ok: true, value: claims }
    : failure('token_refused', { problem: pinned.code, detail: 'pinned quorum' });
}
