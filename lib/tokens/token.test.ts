import { describe, expect, it } from 'vitest';
import { utf8 } from '@/lib/core/bytes';
import { jwkThumbprint, publicKeyOf, signEd25519 } from '@/lib/core/ed25519';
import { formatBase64url, parseHex } from '@/lib/core/encoding';
import { formatDigest, hmacSha256 } from '@/lib/core/hash';
import { formatId } from '@/lib/core/id';
import { formatInstant } from '@/lib/core/instant';
import { describeVectorCases } from '@/lib/core/testing/published-vectors';
import { type Action, actionDigest } from '@/lib/tokens/action';
import type { TokenClaims } from '@/lib/tokens/claims';
import type { TokenKey } from '@/lib/tokens/jwks';
import { formatToken, parseToken, verifyToken } from '@/lib/tokens/token';
import { listTokenVectors } from './testing/token-vectors';

const NOW_MS = 1_795_163_760_000;
const NOW_S = NOW_MS / 1000;
const seed = new Uint8Array(32).fill(1);
const drillSeed = new Uint8Array(32).fill(2);
const signerOf = (s: Uint8Array) => ({ kid: jwkThumbprint(publicKeyOf(s)), seed: s });
const keyOf = (s: Uint8Array): TokenKey => ({ kid: signerOf(s).kid, publicKey: publicKeyOf(s) });
const digest = formatDigest('sha-256', new Uint8Array(32));

const action: Action = {
  subject: { type: 'agent', id: 'spiffe://example.org/agent/a' },
  resource: { type: 'payment', id: 'pay-1', properties: { amount: '18500.00', currency: 'INR' } },
  action: { name: 'payments.transfer' },
  context: { purpose: 'refund' },
};

const claims: TokenClaims = {
  iss: 'https://console.example',
  aud: 'spiffe://example.org/gateway',
  sub: 'spiffe://example.org/agent/a',
  act: { sub: `tok_${'ab'.repeat(16)}` },
  jti: formatId('apr', NOW_MS, new Uint8Array(10)),
  iat: NOW_S,
  nbf: NOW_S,
  exp: NOW_S + 300,
  task_id: formatId('esc', NOW_MS, new Uint8Array(10)),
  authorization_details: [
    {
      type: 'agent_action',
      action_digest: actionDigest(action),
      resource: action.resource,
      action: action.action,
      tier: 'bounded',
    },
  ],
  policy: { id: 'payments', version: '7', digest },
  approvals: [
    {
      reviewer: 'per_1',
      role: 'senior_reviewer',
      verdict: 'approve',
      reason_code: 'verified_with_customer',
      opened_at: formatInstant(NOW_MS - 60_000),
      decided_at: formatInstant(NOW_MS),
      review_dwell_ms: 60_000,
      active_ms: 41_000,
      coverage: ['action', 'reason'],
      statement_digest: digest,
      method: 'passkey',
    },
  ],
  record: {
    stream: 'console/t1/reviews',
    position: 4,
    link: formatDigest('blake2b-512', new Uint8Array(64)),
  },
};

const token = formatToken(claims, signerOf(seed));
const expected = { keys: [keyOf(seed)], audience: claims.aud, nowMs: NOW_MS + 1000, action };

/** A token with chosen header, body and signer, as an attacker would build it. */
function forge(
  header: unknown,
  body: unknown,
  sign: (input: Uint8Array) => Uint8Array = (m) => signEd25519(seed, m),
) {
  const text = (part: unknown) =>
    formatBase64url(utf8(typeof part === 'string' ? part : JSON.stringify(part)));
  const input = `${text(header)}.${text(body)}`;
  return `${input}.${formatBase64url(sign(utf8(input)))}`;
}

const kid = signerOf(seed).kid;
const header = { alg: 'Ed25519', typ: 'approval+jwt', kid };

describe('approval token', () => {
  it('is deterministic, reads back and verifies', () => {
    expect(formatToken(claims, signerOf(seed))).toBe(token);
    expect(parseToken(token)).toMatchObject({ ok: true, value: { header, claims } });
    expect(verifyToken(token, expected)).toEqual({ ok: true, value: claims });
  });

  it('recomputes the header of the module’s worked example', () => {
    const rfc8037 = parseHex('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60');
    if (!rfc8037.ok) throw new Error(rfc8037.code);
    const signed = formatToken(claims, signerOf(rfc8037.value));
    const stated =
      '{"alg":"Ed25519","typ":"approval+jwt","kid":"kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"}';
    expect(signed.split('.')[0]).toBe(formatBase64url(utf8(stated)));
  });

  it('signs under no name but its key’s own', () => {
    expect(() => formatToken(claims, { kid: 'other', seed })).toThrow('kid');
  });

  const hmacWithPublicKey = (input: Uint8Array) => {
    const mac = hmacSha256(publicKeyOf(seed), input);
    return Uint8Array.of(...mac, ...mac);
  };
  const [h = '', b = '', s = ''] = token.split('.');
  const lastChar = (text: string) => `${text.slice(0, -1)}${text.endsWith('A') ? 'B' : 'A'}`;
  const malleable = `${s.slice(0, -1)}${String.fromCharCode(s.charCodeAt(s.length - 1) + 1)}`;
  it.each([
    ['alg none', forge({ ...header, alg: 'none' }, claims), 'token_algorithm'],
    [
      'alg none without signature',
      `${forge({ ...header, alg: 'none' }, claims)
        .split('.')
        .slice(0, 2)
        .join('.')}.`,
      'token_segments',
    ],
    [
      'HMAC under the public key',
      forge({ ...header, alg: 'HS256' }, claims, hmacWithPublicKey),
      'token_algorithm',
    ],
    ['ES256', forge({ ...header, alg: 'ES256' }, claims), 'token_algorithm'],
    ['alg in other letters', forge({ ...header, alg: 'ed25519' }, claims), 'token_algorithm'],
    ['EdDSA under a key that nobody pinned', forge({ ...header, alg: 'EdDSA' }, claims), 'alg_not_pinned'],
    ['another typ', forge({ ...header, typ: 'JWT' }, claims), 'token_type'],
    ['a media type as typ', forge({ ...header, typ: 'application/approval+jwt' }, claims), 'token_type'],
    ['no typ', forge({ alg: 'Ed25519', kid }, claims), 'token_header'],
    ['an embedded key', forge({ ...header, jwk: {} }, claims), 'token_header'],
    ['a key URL', forge({ ...header, jku: 'https://evil.example' }, claims), 'token_header'],
    ['crit', forge({ ...header, crit: ['b64'], b64: false }, claims), 'token_header'],
    [
      'two algs',
      forge(`{"alg":"none","alg":"Ed25519","typ":"approval+jwt","kid":"${kid}"}`, claims),
      'token_header',
    ],
    ['an unknown kid', forge({ ...header, kid: signerOf(drillSeed).kid }, claims), 'kid_unknown'],
    ['a kid that is no string', forge({ ...header, kid: null }, claims), 'token_header'],
    ['another signer under this kid', forge(header, claims, (m) => signEd25519(drillSeed, m)), 'signature'],
    [
      'a body of another token',
      `${h}.${formatToken({ ...claims, exp: claims.exp + 1 }, signerOf(seed)).split('.')[1]}.${s}`,
      'signature',
    ],
    ['two segments', `${h}.${b}`, 'token_segments'],
    ['four segments', `${token}.${s}`, 'token_segments'],
    ['a trailing dot', `${token}.`, 'token_segments'],
    ['a detached body', `${h}..${s}`, 'token_segments'],
    ['padding', `${token}=`, 'token_base64url'],
    ['a trailing newline', `${token}\n`, 'token_base64url'],
    ['stray bits in the signature', `${h}.${b}.${malleable}`, 'token_base64url'],
    ['a signature of 63 bytes', forge(header, claims, () => new Uint8Array(63)), 'token_base64url'],
    ['a changed signature', `${h}.${b}.${lastChar(s.slice(0, -1))}${s.slice(-1)}`, 'signature'],
    ['the standard alphabet in the header', `${h}+.${b}.${s}`, 'token_header'],
    ['an unknown claim', forge(header, { ...claims, admin: true }), 'token_claims'],
    ['a repeated claim', forge(header, `{"aud":"x",${JSON.stringify(claims).slice(1)}`), 'token_claims'],
    ['no approvals', forge(header, { ...claims, approvals: [] }), 'token_claims'],
    [
      'a denial among the approvals',
      forge(header, { ...claims, approvals: [{ ...claims.approvals[0], verdict: 'deny' }] }),
      'token_claims',
    ],
    ['no authorised action', forge(header, { ...claims, authorization_details: [] }), 'token_claims'],
    ['two audiences', forge(header, { ...claims, aud: [claims.aud, 'x'] }), 'token_claims'],
    ['no expiry', forge(header, { ...claims, exp: undefined }), 'token_claims'],
    ['an expiry in text', forge(header, { ...claims, exp: String(claims.exp) }), 'token_claims'],
    ['a fractional expiry', forge(header, { ...claims, exp: claims.exp + 0.5 }), 'token_claims'],
    ['an empty window', forge(header, { ...claims, exp: claims.nbf }), 'token_claims'],
    ['an encrypted token’s shape', 'a.b.c.d.e', 'token_segments'],
    ['nothing', '', 'token_segments'],
    ['16 KiB of dots', '.'.repeat(16_385), 'token_too_large'],
  ])('refuses %s as invalid', (_, hostile, detail) => {
    expect(verifyToken(hostile, expected)).toMatchObject({
      ok: false,
      code: 'signature_invalid',
      detail: expect.stringContaining(detail),
    });
  });

  it('takes EdDSA (RFC 8037) for a pinned key', () => {
    const legacy = forge({ ...header, alg: 'EdDSA' }, claims);
    const keys = [{ ...keyOf(seed), pinned: true }];
    expect(verifyToken(legacy, { ...expected, keys }).ok).toBe(true);
  });

  it('does not trust a key list whose kid is not the key’s thumbprint', () => {
    const keys = [{ kid, publicKey: publicKeyOf(drillSeed) }];
    const forged = forge(header, claims, (m) => signEd25519(drillSeed, m));
    expect(verifyToken(forged, { ...expected, keys })).toMatchObject({
      code: 'signature_invalid',
      detail: 'kid_unknown',
    });
  });

  it.each([
    ['at the last millisecond', claims.exp * 1000 - 1, 0, true],
    ['at its expiry', claims.exp * 1000, 0, false],
    ['at its expiry with some skew allowed', claims.exp * 1000, 1, true],
    ['when the skew is used up', claims.exp * 1000 + 5000, 5000, false],
    ['at its beginning', claims.nbf * 1000, 0, true],
    ['before its beginning', claims.nbf * 1000 - 1, 0, false],
    ['before its beginning with some skew allowed', claims.nbf * 1000 - 1, 1, true],
  ])('%s', (_, nowMs, clockSkewMs, valid) => {
    const result = verifyToken(token, { ...expected, nowMs, clockSkewMs });
    expect(result).toMatchObject(valid ? { ok: true } : { ok: false, code: 'approval_expired' });
  });

  it.each([
    ['another gateway', { audience: 'spiffe://example.org/gateway2' }, 'audience_mismatch'],
    ['a prefix of the gateway’s name', { audience: 'spiffe://example.org/gate' }, 'audience_mismatch'],
    [
      'a raised amount',
      {
        action: {
          ...action,
          resource: { ...action.resource, properties: { amount: '185000.00', currency: 'INR' } },
        },
      },
      'action_mismatch',
    ],
    [
      'the same amount in other digits',
      {
        action: {
          ...action,
          resource: { ...action.resource, properties: { amount: '18500.0', currency: 'INR' } },
        },
      },
      'action_mismatch',
    ],
    ['another tool', { action: { ...action, action: { name: 'payments.delete' } } }, 'action_mismatch'],
    ['another agent', { action: { ...action, subject: { type: 'agent', id: 'b' } } }, 'action_mismatch'],
    ['another purpose', { action: { ...action, context: {} } }, 'action_mismatch'],
    ['a retired key', { keys: [{ ...keyOf(seed), notAfterMs: NOW_MS }] }, 'signature_invalid'],
    ['a key of the future', { keys: [{ ...keyOf(seed), notBeforeMs: NOW_MS + 1 }] }, 'signature_invalid'],
    ['no keys', { keys: [] }, 'signature_invalid'],
  ])('is no use for %s', (_, change, code) => {
    expect(verifyToken(token, { ...expected, ...change })).toMatchObject({ ok: false, code });
  });

  it('is not fooled by inline members that differ from the digest', () => {
    const [detail] = claims.authorization_details;
    const lying = { ...claims, authorization_details: [{ ...detail, action: { name: 'payments.view' } }] };
    expect(verifyToken(forge(header, lying), expected)).toMatchObject({ code: 'action_mismatch' });
  });

  it('verifies old tokens of a retired key: validity is judged at issuance', () => {
    const keys = [{ ...keyOf(seed), notAfterMs: NOW_MS + 500 }];
    expect(verifyToken(token, { ...expected, keys }).ok).toBe(true);
  });

  it('binds to the key that redeems it', () => {
    const thumbprint = jwkThumbprint(publicKeyOf(new Uint8Array(32).fill(5)));
    const bound = formatToken({ ...claims, cnf: { jkt: thumbprint } }, signerOf(seed));
    expect(verifyToken(bound, { ...expected, thumbprint }).ok).toBe(true);
    expect(verifyToken(bound, expected)).toMatchObject({ code: 'audience_mismatch', detail: 'cnf' });
    expect(verifyToken(bound, { ...expected, thumbprint: kid })).toMatchObject({ code: 'audience_mismatch' });
  });

  it('a drill’s token can never verify as an approval', () => {
    const drill = formatToken({ ...claims, aud: 'urn:countersign:drill' }, signerOf(drillSeed));
    expect(verifyToken(drill, expected)).toMatchObject({ code: 'signature_invalid' });
    // Even a gateway that was given the drill key by mistake is another audience.
    expect(verifyToken(drill, { ...expected, keys: [keyOf(seed), keyOf(drillSeed)] })).toMatchObject({
      code: 'audience_mismatch',
    });
    const renamed = formatToken(claims, signerOf(drillSeed));
    expect(verifyToken(renamed, expected)).toMatchObject({ code: 'signature_invalid' });
    const [drillHeader, drillBody] = renamed.split('.');
    expect(verifyToken(`${drillHeader}.${drillBody}.${token.split('.')[2]}`, expected).ok).toBe(false);
  });
});

describeVectorCases('ed25519', 'published JWS and JWK that are none of ours', 250, listTokenVectors);
