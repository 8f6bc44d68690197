/**
 * The approval token: a compact JWS (RFC 7515, alg per RFC 9864) that binds one approval to one exact action,
 * one gateway, named reviewers and a few minutes.
 *
 *   base64url({"alg":"Ed25519","typ":"approval+jwt","kid":"<RFC 7638 thumbprint>"}) "."
 *   base64url(claims) "." base64url(signature over everything before the last dot)
 *
 * Worked example of the protected header with the key of RFC 8037 appendix A:
 *   {"alg":"Ed25519","typ":"approval+jwt","kid":"kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"}
 */
import { decodeUtf8, utf8 } from '@/lib/core/bytes';
import { jwkThumbprint, publicKeyOf, signEd25519, verifyEd25519 } from '@/lib/core/ed25519';
import { formatBase64url, parseBase64url } from '@/lib/core/encoding';
import { invariant } from '@/lib/core/invariant';
import {
  formatCanonicalJson,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  parseJson,
} from '@/lib/core/json';
import { err, ok, type Result } from '@/lib/core/result';
import { type Action, actionDigest } from '@/lib/tokens/action';
import { claimsSchema, type TokenClaims } from '@/lib/tokens/claims';
import type { TokenKey } from '@/lib/tokens/jwks';

export const TOKEN_TYPE = 'approval+jwt';
const MAX_TOKEN_BYTES = 16_384;
const SIGNATURE_BYTES = 64;

/** Every reason for which a redemption is refused (formats §7); a token alone can only tell some of them. */
export type RedemptionRefusal =
  | 'unknown_approval'
  | 'approval_expired'
  | 'already_redeemed'
  | 'revoked'
  | 'action_mismatch'
  | 'audience_mismatch'
  | 'signature_invalid'
  | 'policy_changed'
  | 'record_unverifiable'
  | 'duplicate_human'
  | 'continuity_missing'
  | 'chain_invalid'
  | 'lineage_hole'
  | 'authorisation_unverifiable'
  | 'attribution_failed'
  | 'evidence_inconsistent';

export type TokenRefusal = Extract<
  RedemptionRefusal,
  'signature_invalid' | 'audience_mismatch' | 'approval_expired' | 'action_mismatch'
>;

/** As read: nothing in it has been verified. */
export type ParsedToken = {
  readonly header: {
    readonly alg: 'Ed25519' | 'EdDSA';
    readonly typ: typeof TOKEN_TYPE;
    readonly kid: string;
  };
  readonly claims: TokenClaims;
  readonly signingInput: Uint8Array;
  readonly signature: Uint8Array;
};

export type TokenSyntaxCode =
  | 'token_too_large'
  | 'token_segments'
  | 'token_base64url'
  | 'token_header'
  | 'token_algorithm'
  | 'token_type'
  | 'token_claims';

/** Signs claims with a 32-byte seed. Deterministic: the same claims and key give the same token. */
export function formatToken(claims: TokenClaims, signer: { kid: string; seed: Uint8Array }): string {
  invariant(jwkThumbprint(publicKeyOf(signer.seed)) === signer.kid, 'formatToken: kid is not the key');
  const checked = claimsSchema.parse(claims);
  const header = `{"alg":"Ed25519","typ":"${TOKEN_TYPE}","kid":"${signer.kid}"}`;
  const body = formatCanonicalJson(checked as JsonValue);
  const signingInput = `${formatBase64url(utf8(header))}.${formatBase64url(utf8(body))}`;
  return `${signingInput}.${formatBase64url(signEd25519(signer.seed, utf8(signingInput)))}`;
}

/**
 * Reads hostile text as an approval token. Exactly three canonical base64url segments; the header has exactly
 * `alg`, `typ` and `kid` (so no `crit`, `jwk`, `jku`, `x5c`, `b64`); the claims have exactly the known members.
 */
export function parseToken(text: string): Result<ParsedToken, TokenSyntaxCode> {
  if (text.length > MAX_TOKEN_BYTES) return err('token_too_large');
  const segments = text.split('.');
  const [headerText, bodyText, signatureText] = segments;
  if (segments.length !== 3 || !headerText || !bodyText || !signatureText) return err('token_segments');
  const signature = parseBase64url(signatureText);
  if (!signature.ok || signature.value.length !== SIGNATURE_BYTES) return err('token_base64url', 'signature');
  const headerJson = parseSegment(headerText);
  if (!headerJson) return err('token_header');
  const header = parseHeader(headerJson);
  if (!header.ok) return header;
  const body = parseSegment(bodyText);
  const claims = body && claimsSchema.safeParse(body);
  if (!claims?.success) return err('token_claims', claims?.error.issues[0]?.path.join('.'));
  const signingInput = utf8(`${headerText}.${bodyText}`);
  return ok({ header: header.value, claims: claims.data, signingInput, signature: signature.value });
}

/**
 * Decides whether an attacker-controlled token authorises `action` at this gateway now. Checks in order:
 * form, key and signature (`signature_invalid`), audience and redeeming key (`audience_mismatch`), time
 * (`approval_expired`, also before `nbf`), action (`action_mismatch`: digest and inline members). Revocation,
 * single use, policy and record are the console's to decide. `detail` says which check spoke.
 */
export function verifyToken(
  text: string,
  expected: {
    keys: readonly TokenKey[];
    audience: string;
    nowMs: number;
    action: Action;
    /** RFC 7638 thumbprint of the key that the redeeming party proved; required when the token has `cnf`. */
    thumbprint?: string;
    /** Default 0. */
    clockSkewMs?: number;
  },
): Result<TokenClaims, TokenRefusal> {
  const token = parseToken(text);
  if (!token.ok) return err('signature_invalid', token.code);
  const { header, claims, signingInput, signature } = token.value;
  const key = expected.keys.find(({ kid }) => kid === header.kid);
  if (!key || jwkThumbprint(key.publicKey) !== header.kid) return err('signature_invalid', 'kid_unknown');
  if (header.alg === 'EdDSA' && !key.pinned) return err('signature_invalid', 'alg_not_pinned');
  if (!verifyEd25519(key.publicKey, signingInput, signature)) return err('signature_invalid', 'signature');
  if (!isKeyValidAt(key, claims.iat * 1000)) return err('signature_invalid', 'key_validity');
  if (claims.aud !== expected.audience) return err('audience_mismatch', 'aud');
  if (claims.cnf && claims.cnf.jkt !== expected.thumbprint) return err('audience_mismatch', 'cnf');
  const skewMs = expected.clockSkewMs ?? 0;
  if (expected.nowMs + skewMs < claims.nbf * 1000) return err('approval_expired', 'not_yet_valid');
  if (expected.nowMs - skewMs >= claims.exp * 1000) return err('approval_expired', 'exp');
  return matchesAction(claims, expected.action) ? ok(claims) : err('action_mismatch');
}

function matchesAction(claims: TokenClaims, action: Action): boolean {
  const [detail] = claims.authorization_details;
  if (!detail || detail.action_digest !== actionDigest(action)) return false;
  const inline = formatCanonicalJson({ resource: detail.resource, action: detail.action } as JsonObject);
  const executed = formatCanonicalJson({ resource: action.resource, action: action.action } as JsonObject);
  return inline === executed;
}

function isKeyValidAt(key: TokenKey, timeMs: number): boolean {
  return timeMs >= (key.notBeforeMs ?? -Infinity) && timeMs < (key.notAfterMs ?? Infinity);
}

function parseHeader(
  header: JsonObject,
): Result<ParsedToken['header'], 'token_header' | 'token_algorithm' | 'token_type'> {
  const { alg, typ, kid } = header;
  if (Object.keys(header).length !== 3 || typeof kid !== 'string') return err('token_header');
  if (alg !== 'Ed25519' && alg !== 'EdDSA') return err('token_algorithm');
  if (typ !== TOKEN_TYPE) return err('token_type');
  return ok({ alg, typ, kid });
}

function parseSegment(segment: string): JsonObject | undefined {
  const bytes = parseBase64url(segment);
  const text = bytes.ok ? decodeUtf8(bytes.value) : bytes;
  const json = text.ok ? parseJson(text.value, { maxBytes: MAX_TOKEN_BYTES }) : text;
  return json.ok && isJsonObject(json.value) ? json.value : undefined;
}
