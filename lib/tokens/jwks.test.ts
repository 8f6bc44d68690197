import { describe, expect, it } from 'vitest';
import { jwkOf, jwkThumbprint, publicKeyOf } from '@/lib/core/ed25519';
import { formatBase64url } from '@/lib/core/encoding';
import type { JsonObject, JsonValue } from '@/lib/core/json';
import { formatJwks, parseJwks, type TokenKey } from '@/lib/tokens/jwks';

const publicKey = publicKeyOf(new Uint8Array(32).fill(1));
const kid = jwkThumbprint(publicKey);
const jwk = { ...jwkOf(publicKey), kid, use: 'sig', alg: 'Ed25519' };
const identity = Uint8Array.of(1, ...new Array(31).fill(0));

describe('jwks', () => {
  it('reads back what it prints, retired keys with their validity', () => {
    const other = publicKeyOf(new Uint8Array(32).fill(2));
    const keys: TokenKey[] = [
      { kid, publicKey, notBeforeMs: 1_700_000_000_000, notAfterMs: 1_800_000_000_000 },
      { kid: jwkThumbprint(other), publicKey: other, notBeforeMs: 1_800_000_000_000 },
    ];
    const printed = formatJwks(keys);
    expect(parseJwks(JSON.parse(JSON.stringify(printed)))).toEqual({ ok: true, value: keys });
  });

  it('never widens a validity by rounding', () => {
    const printed = formatJwks([{ kid, publicKey, notBeforeMs: 1001, notAfterMs: 1999 }]);
    expect((printed.keys as JsonObject[])[0]).toMatchObject({ nbf: 2, exp: 1 });
  });

  it('skips keys of other kinds', () => {
    const others: JsonValue[] = [
      { kty: 'RSA', n: 'AQAB', e: 'AQAB' },
      { kty: 'EC', crv: 'P-256' },
      { kty: 'OKP', crv: 'X25519', x: 'AA' },
    ];
    expect(parseJwks({ keys: [...others, jwk] })).toEqual({ ok: true, value: [{ kid, publicKey }] });
  });

  it.each<[string, JsonValue, string]>([
    ['no set', null, 'jwks_shape'],
    ['an array', [jwk], 'jwks_shape'],
    ['keys that are no list', { keys: jwk }, 'jwks_shape'],
    ['a key that is no object', { keys: ['x'] }, 'jwks_shape'],
    ['a kid of another key', { keys: [{ ...jwk, kid: jwkThumbprint(identity) }] }, 'jwks_kid_mismatch'],
    ['a missing kid', { keys: [jwkOf(publicKey)] }, 'jwks_key'],
    ['a key twice', { keys: [jwk, jwk] }, 'jwks_duplicate_kid'],
    [
      'a small-order key',
      { keys: [{ ...jwk, x: formatBase64url(identity), kid: jwkThumbprint(identity) }] },
      'jwks_key',
    ],
    ['a short key', { keys: [{ ...jwk, x: 'AA' }] }, 'jwks_key'],
    ['padding', { keys: [{ ...jwk, x: `${jwk.x}=` }] }, 'jwks_key'],
    ['a private key', { keys: [{ ...jwk, d: jwk.x }] }, 'jwks_key'],
    ['an encryption key', { keys: [{ ...jwk, use: 'enc' }] }, 'jwks_key'],
    ['another alg', { keys: [{ ...jwk, alg: 'HS256' }] }, 'jwks_key'],
    ['a validity in text', { keys: [{ ...jwk, exp: '1' }] }, 'jwks_key'],
  ])('refuses %s', (_, value, code) => {
    expect(parseJwks(value)).toMatchObject({ ok: false, code });
  });
});
