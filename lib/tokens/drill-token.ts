/**
 * What a drill's approval yields instead of a token: the same claims, so that it can be shown as one, under another type,
 * another key, for an audience that no gateway has, and with a redeeming key that no gateway holds. Each of the four alone
 * makes it worthless as an approval (formats.md §8).
 */
import { utf8 } from '@/lib/core/bytes';
import { jwkThumbprint, publicKeyOf, signEd25519 } from '@/lib/core/ed25519';
import { formatBase64url } from '@/lib/core/encoding';
import { invariant } from '@/lib/core/invariant';
import { formatCanonicalJson, type JsonValue } from '@/lib/core/json';
import { claimsSchema, type TokenClaims } from '@/lib/tokens/claims';

export const DRILL_TOKEN_TYPE = 'drill+jwt';

/** The audience of an organisation's drills. */
export function drillAudience(tenant: string): string {
  return `urn:countersign:drill:${tenant}`;
}

/** Signs a drill's claims. Deterministic, as for approvals. */
export function formatDrillToken(claims: TokenClaims, signer: { kid: string; seed: Uint8Array }): string {
  invariant(jwkThumbprint(publicKeyOf(signer.seed)) === signer.kid, 'formatDrillToken: kid is not the key');
  invariant(
    claims.aud.startsWith('urn:countersign:drill:'),
    'formatDrillToken: the audience is not a drill’s',
  );
  const header = `{"alg":"Ed25519","typ":"${DRILL_TOKEN_TYPE}","kid":"${signer.kid}"}`;
  const body = formatCanonicalJson(claimsSchema.parse(claims) as JsonValue);
  const signingInput = `${formatBase64url(utf8(header))}.${formatBase64url(utf8(body))}`;
  return `${signingInput}.${formatBase64url(signEd25519(signer.seed, utf8(signingInput)))}`;
}
