import { isJsonObject } from '@/lib/core/json';
import type { Action } from '@/lib/tokens/action';
import type { TokenClaims } from '@/lib/tokens/claims';
import { failure, type GatewayResult } from './gateway-result';

/** Verified claims name the same agent and principal as the action: its digest covers them, the claims must say so too. */
export function checkParties(claims: TokenClaims, action: Action): GatewayResult<TokenClaims> {
  const { principal } = action.context;
  const token = isJsonObject(principal) && typeof principal.token === 'string' ? principal.token : null;
  if (claims.sub !== action.subject.id)
    return failure('token_refused', { problem: 'action_mismatch', detail: 'sub' });
  if (claims.act.sub !== (token ?? action.subject.id))
    return failure('token_refused', { problem: 'action_mismatch', detail: 'act' });
  return { ok: true, value: claims };
}
