/** The JOSE library that everybody has, on both sides: it opens our tokens with our published keys, and we open its. */
import {
  calculateJwkThumbprint,
  compactVerify,
  createLocalJWKSet,
  decodeProtectedHeader,
  exportJWK,
  generateKeyPair,
  type JSONWebKeySet,
  jwtVerify,
  SignJWT,
} from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseJson } from '@/lib/core/json';
import { publishConsoleKeys } from '@/lib/server/health/publish-console-keys';
import { rotateKey } from '@/lib/server/keys/rotate-key';
import { startTestConsole } from '@/lib/server/testing/test-console';
import { parseJwks } from '@/lib/tokens/jwks';
import { parseToken, TOKEN_TYPE, verifyToken } from '@/lib/tokens/token';
import { callRoute, loadRoutes, type RouteFile } from '../routes/call-route';
import { createWorld, type World } from '../routes/world';

await startTestConsole();
let routes: RouteFile[];
let world: World;

async function fetchKeys(): Promise<JSONWebKeySet> {
  const response = await callRoute(routes, new Request('http://console.test/.well-known/jwks.json'));
  return (await response.json()) as JSONWebKeySet;
}

beforeAll(async () => {
  routes = await loadRoutes();
  world = await createWorld();
  await publishConsoleKeys();
}, 120_000);

describe('jose', () => {
  it('names every published key as we do', async () => {
    const { keys } = await fetchKeys();
    expect(keys.length).toBeGreaterThan(0);
    for (const key of keys) {
      expect(key).toMatchObject({ kty: 'OKP', crv: 'Ed25519', alg: 'Ed25519', use: 'sig' });
      expect(await calculateJwkThumbprint(key)).toBe(key.kid);
    }
  });

  it('verifies an approval token by the published keys alone', async () => {
    const { token, id } = world.bank.approval;
    const { iss, aud, sub } = claimsOf(token);
    const { payload, protectedHeader } = await jwtVerify(token, createLocalJWKSet(await fetchKeys()), {
      algorithms: ['Ed25519'],
      typ: TOKEN_TYPE,
      issuer: iss,
      audience: aud,
      subject: sub,
      requiredClaims: ['jti', 'iat', 'nbf', 'exp', 'authorization_details', 'record'],
    });
    expect(payload.jti).toBe(id);
    expect(protectedHeader).toEqual({
      alg: 'Ed25519',
      typ: TOKEN_TYPE,
      kid: decodeProtectedHeader(token).kid,
    });
    expect(payload).toEqual(claimsOf(token));
  });

  it('refuses it for another audience, with another type, after its time, and with a byte changed', async () => {
    const keys = createLocalJWKSet(await fetchKeys());
    const { token } = world.bank.approval;
    const { exp } = claimsOf(token);
    await expect(jwtVerify(token, keys, { audience: 'spiffe://other.example/gateway' })).rejects.toThrow(
      '"aud"',
    );
    await expect(jwtVerify(token, keys, { typ: 'JWT' })).rejects.toThrow('"typ"');
    await expect(jwtVerify(token, keys, { currentDate: new Date((exp + 1) * 1000) })).rejects.toThrow(
      '"exp"',
    );
    for (const at of [10, token.indexOf('.') + 12, token.length - 20]) {
      const changed = token[at] === 'A' ? 'B' : 'A';
      await expect(
        compactVerify(`${token.slice(0, at)}${changed}${token.slice(at + 1)}`, keys),
      ).rejects.toThrow();
    }
    const { keys: others } = await fetchKeys();
    const stranger = createLocalJWKSet({ keys: others.map((key) => ({ ...key, kid: `${key.kid}x` })) });
    await expect(compactVerify(token, stranger)).rejects.toThrow('no applicable key');
  });

  it('still verifies a token whose key was retired since', async () => {
    const { token } = world.clinic.approval;
    const before = (await fetchKeys()).keys.length;
    const rotation = await rotateKey({ purpose: 'approval', compromised: false, by: 'cli' });
    const { keys } = await fetchKeys();
    expect(keys.length).toBe(before + 1);
    expect(decodeProtectedHeader(token).kid).toBe(rotation.retired);
    expect((await compactVerify(token, createLocalJWKSet({ keys }))).protectedHeader.alg).toBe('Ed25519');
  });

  it('signs tokens that we verify, and keys that we read', async () => {
    const { token, action } = world.bank.approval;
    const claims = claimsOf(token);
    const { publicKey, privateKey } = await generateKeyPair('Ed25519', { extractable: true });
    const jwk = await exportJWK(publicKey);
    const kid = await calculateJwkThumbprint(jwk);
    const set = parseJson(JSON.stringify({ keys: [{ ...jwk, kid, use: 'sig', alg: 'Ed25519' }] }));
    const keys = set.ok ? parseJwks(set.value) : set;
    if (!keys.ok) throw new Error(keys.code);
    const signed = await new SignJWT({ ...claims })
      .setProtectedHeader({ alg: 'Ed25519', typ: TOKEN_TYPE, kid })
      .sign(privateKey);
    const expected = {
      keys: keys.value,
      audience: claims.aud,
      nowMs: claims.iat * 1000,
      action,
      ...(claims.cnf && { thumbprint: claims.cnf.jkt }),
    };
    expect(verifyToken(signed, expected)).toEqual({ ok: true, value: claims });
    expect(verifyToken(signed, { ...expected, keys: [] })).toMatchObject({ code: 'signature_invalid' });
  });
});

function claimsOf(token: string) {
  const parsed = parseToken(token);
  if (!parsed.ok) throw new Error(parsed.code);
  return parsed.value.claims;
}
