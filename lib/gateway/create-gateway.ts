/**
 * The client of a gateway or an agent framework: it asks before the agent acts, waits for people where the policy says
 * so, verifies their token offline, redeems it once, executes, and reports what came of it.
 *
 *   const gateway = createGateway({ origin: 'https://console.example', producerId, seed, jwks });
 *   const outcome = await gateway.guard(
 *     {
 *       subject: { type: 'agent', id: 'payments-agent' },
 *       resource: { type: 'account', id: 'acct-7' },
 *       action: { name: 'pay', properties: { amount: '18500.00', currency: 'INR', to: 'acct-7' } },
 *       context: { principal: { type: 'customer', token: 'tok_…' } },
 *     },
 *     async () => ({ value: await bank.pay('acct-7', '18500.00') }),
 *   );
 *   if (outcome.status !== 'executed') console.warn(outcome.status);
 *
 * A timeout, an outage or an answer that cannot be read is never an approval: `guard` executes only after `allow`, or
 * after a token that verified against the pinned keys and was redeemed for these very bytes.
 */
import { jwkThumbprint, publicKeyOf } from '@/lib/core/ed25519';
import { invariant } from '@/lib/core/invariant';
import type { JsonValue } from '@/lib/core/json';
import type { Action } from '@/lib/tokens/action';
import type { TokenClaims } from '@/lib/tokens/claims';
import { parseJwks, type TokenKey } from '@/lib/tokens/jwks';
import type { QuorumPlace } from '@/lib/tokens/quorum';
import { verifyToken } from '@/lib/tokens/token';
import { type AccessClient, createAccessClient } from './access-client';
import { checkParties } from './check-parties';
import { type ApprovalTerms, checkTerms } from './check-terms';
import { failure, type GatewayResult } from './gateway-result';
import { type Authority, type Executed, type GuardOptions, type GuardOutcome, guardAction } from './guard';
import type { Outbox } from './outbox';
import { createRecordSender, type RecordSender } from './record-sender';
import { type NewVersion, sendVersion } from './register-version';
import { createTransport, type TransportOptions } from './transport';

export interface GatewayOptions extends Omit<TransportOptions, 'keyid'> {
  /** This producer's SPIFFE ID: the audience of its tokens. */
  producerId: string;
  /** Default: the RFC 7638 thumbprint of the seed's public key, as the console names keys itself. */
  keyid?: string;
  /** The console's approval keys (RFC 7517), pinned: taken once from `/.well-known/jwks.json` by a careful person. */
  jwks?: JsonValue;
  /** Refuses, before redeeming, a token of which any verdict was not signed with the reviewer's own passkey. Default: false. */
  requirePasskey?: boolean;
  /** The least quorum of any approval here, whatever a policy says; places as in a policy's quorum. Default: none. */
  leastQuorum?: readonly QuorumPlace[];
  /** Default: `producerId`, or that with one more path segment. */
  stream?: string;
  /** Default: in memory. */
  outbox?: Outbox;
}

export interface Gateway extends AccessClient, RecordSender {
  /**
   * Offline: does this token authorise this very action, at this gateway, now, under the pinned keys, and, given the
   * `terms` of the evaluation, did those agree whom the policy wanted when people were asked? What spends a token always
   * gives them.
   */
  verify(token: string, action: Action, terms?: ApprovalTerms): GatewayResult<TokenClaims>;
  /** Registers the content of a prompt, model, index, guardrail or policy version. */
  registerVersion(version: NewVersion): Promise<GatewayResult<{ digest: string }>>;
  /** Everything at once; see the example above. */
  guard<T>(
    action: Action,
    execute: (authority: Authority) => Promise<Executed<T>>,
    options?: GuardOptions,
  ): Promise<GuardOutcome<T>>;
}

/** Clocks may differ by this much between the console and here. */
const CLOCK_SKEW_MS = 5_000;

/** @throws InvariantError when `jwks` is given and is not a key set */
export function createGateway(options: GatewayOptions): Gateway {
  const thumbprint = jwkThumbprint(publicKeyOf(options.seed));
  const keyid = options.keyid ?? thumbprint;
  const transport = createTransport({ ...options, keyid });
  const keys = readPinnedKeys(options.jwks);
  const access = createAccessClient(transport);
  const records = createRecordSender({
    transport,
    producerId: options.producerId,
    stream: options.stream ?? options.producerId,
    keyid,
    seed: options.seed,
    ...(options.outbox ? { outbox: options.outbox } : {}),
  });

  const gateway: Gateway = {
    ...access,
    ...records,
    registerVersion: (version) => sendVersion(transport, version),
    verify(token, action, terms) {
      if (keys.length === 0) return failure('keys_not_pinned');
      const verified = verifyToken(token, {
        keys,
        audience: options.producerId,
        nowMs: transport.now(),
        action,
        thumbprint,
        clockSkewMs: CLOCK_SKEW_MS,
      });
      if (verified.ok) {
        if (options.requirePasskey && !verified.value.approvals.every(({ method }) => method === 'passkey'))
          return failure('token_refused', { problem: 'passkey_required' });
        const parties = checkParties(verified.value, action);
        return parties.ok ? checkTerms(verified.value, terms, options.leastQuorum) : parties;
      }
      const { code, detail } = verified;
      return failure('token_refused', { problem: code, ...(detail === undefined ? {} : { detail }) });
    },
    guard: (action, execute, guardOptions = {}) =>
      guardAction(gateway, transport.now, action, execute, guardOptions),
  };
  return gateway;
}

function readPinnedKeys(jwks: JsonValue | undefined): TokenKey[] {
  if (jwks === undefined) return [];
  const keys = parseJwks(jwks);
  invariant(keys.ok, 'createGateway: jwks is not a set of Ed25519 keys');
  return keys.value;
}
