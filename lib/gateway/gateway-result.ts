/** Why a call gave nothing. In every one of these cases nothing may be executed. */
export type GatewayFailure = {
  ok: false;
  code:
    | 'unreachable'
    | 'timeout'
    | 'aborted'
    /** The console answered with a problem document; its closed code is in `problem`. */
    | 'refused'
    /** The console's answer is not what the protocol says, or is about another action. */
    | 'response_malformed'
    /** The action is not I-JSON in AuthZEN's shape; nothing was sent. */
    | 'action_invalid'
    /** No approval keys were given, so no token can be verified offline. */
    | 'keys_not_pinned'
    /** The token does not authorise this action here and now; `problem` says why. */
    | 'token_refused';
  problem?: string;
  status?: number;
  detail?: string;
};

export type GatewayResult<T> = { ok: true; value: T } | GatewayFailure;

export function failure(
  code: GatewayFailure['code'],
  more: Omit<GatewayFailure, 'ok' | 'code'> = {},
): GatewayFailure {
  return { ok: false, code, ...more };
}
