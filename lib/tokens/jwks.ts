/**
 * The published key set (RFC 7517) of token signers: Ed25519 only (RFC 8037), `kid` = RFC 7638 thumbprint.
 * A key's validity is `nbf` ≤ t < `exp` in seconds; retired keys stay in the set with their `exp`, so that old
 * tokens can be verified for ever.
 */
import * as z from 'zod';
import { jwkOf, jwkThumbprint, parsePublicKey } from '@/lib/core/ed25519';
import { parseBase64url } from '@/lib/core/encoding';
import { isJsonObject, type JsonObject, type JsonValue } from '@/lib/core/json';
import { err, ok, type Result } from '@/lib/core/result';

/** Times are ms since the Unix epoch; absent means open-ended. */
export type TokenKey = {
  readonly kid: string;
  readonly publicKey: Uint8Array;
  readonly notBeforeMs?: number;
  readonly notAfterMs?: number;
  /** The operator pinned this very key: only then is the header `alg: EdDSA` accepted for it. */
  readonly pinned?: boolean;
};

const seconds = z.int().min(0).max(253_402_300_799).optional();
const ed25519Jwk = z.object({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: z.string(),
  kid: z.string(),
  use: z.literal('sig').optional(),
  alg: z.enum(['Ed25519', 'EdDSA']).optional(),
  d: z.never().optional(),
  nbf: seconds,
  exp: seconds,
});

export type JwksErrorCode = 'jwks_shape' | 'jwks_key' | 'jwks_kid_mismatch' | 'jwks_duplicate_kid';

/**
 * Reads a parsed JWKS. Keys of other types are skipped (RFC 7517 §5); an Ed25519 key that is malformed,
 * weak, misnamed, private or listed twice refuses the whole set.
 */
export function parseJwks(value: JsonValue): Result<TokenKey[], JwksErrorCode> {
  if (!isJsonObject(value) || !Array.isArray(value.keys)) return err('jwks_shape');
  const keys = new Map<string, TokenKey>();
  for (const jwk of value.keys) {
    if (!isJsonObject(jwk)) return err('jwks_shape');
    if (jwk.kty !== 'OKP' || jwk.crv !== 'Ed25519') continue;
    const key = parseJwk(jwk);
    if (!key.ok) return key;
    if (keys.has(key.value.kid)) return err('jwks_duplicate_kid');
    keys.set(key.value.kid, key.value);
  }
  return ok([...keys.values()]);
}

/** The set as it is published; validity is rounded inwards to whole seconds. */
export function formatJwks(keys: readonly TokenKey[]): JsonObject {
  return {
    keys: keys.map(({ publicKey, notBeforeMs, notAfterMs }) => ({
      ...jwkOf(publicKey),
      kid: jwkThumbprint(publicKey),
      use: 'sig',
      alg: 'Ed25519',
      ...(notBeforeMs !== undefined && { nbf: Math.ceil(notBeforeMs / 1000) }),
      ...(notAfterMs !== undefined && { exp: Math.floor(notAfterMs / 1000) }),
    })),
  };
}

function parseJwk(jwk: JsonObject): Result<TokenKey, JwksErrorCode> {
  const shape = ed25519Jwk.safeParse(jwk);
  if (!shape.success) return err('jwks_key');
  const { x, kid, nbf, exp } = shape.data;
  const bytes = parseBase64url(x);
  if (!bytes.ok) return err('jwks_key', 'x');
  const publicKey = parsePublicKey(bytes.value);
  if (!publicKey.ok) return err('jwks_key', publicKey.code);
  if (jwkThumbprint(publicKey.value) !== kid) return err('jwks_kid_mismatch');
  return ok({
    kid,
    publicKey: publicKey.value,
    ...(nbf !== undefined && { notBeforeMs: nbf * 1000 }),
    ...(exp !== undefined && { notAfterMs: exp * 1000 }),
  });
}
