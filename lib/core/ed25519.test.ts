import { describe, expect, it } from 'vitest';
import { utf8 } from '@/lib/core/bytes';
import {
  jwkOf,
  jwkThumbprint,
  parsePublicKey,
  publicKeyOf,
  signEd25519,
  verifyEd25519,
  verifyEd25519Async,
} from '@/lib/core/ed25519';
import { portablePublicKeyOf, portableSign, portableVerify } from '@/lib/core/ed25519-portable';
import { webCryptoVerify } from '@/lib/core/ed25519-webcrypto';
import { formatHex, parseBase64url, parseHex } from '@/lib/core/encoding';
import { describeVectors, readVectorJson } from '@/lib/core/testing/published-vectors';

function hex(text: string): Uint8Array {
  const bytes = parseHex(text);
  if (!bytes.ok) throw new Error(`not hex: ${text}`);
  return bytes.value;
}

/** The one answer of all implementations; throws when they disagree. */
async function verdict(key: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean> {
  const answers = {
    native: verifyEd25519(key, message, signature),
    nativeAsync: await verifyEd25519Async(key, message, signature),
    webCrypto: await webCryptoVerify(key, message, signature),
    noble: portableVerify(key, message, signature),
  };
  const distinct = new Set(Object.values(answers));
  expect(distinct.size, `implementations disagree: ${JSON.stringify(answers)}`).toBe(1);
  return answers.native;
}

const seed = hex('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60');
const publicKey = hex('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a');

describe('ed25519', () => {
  it('signs alike natively and portably', () => {
    expect(publicKeyOf(seed)).toEqual(publicKey);
    expect(portablePublicKeyOf(seed)).toEqual(publicKey);
    const signature = signEd25519(seed, utf8('message'));
    expect(portableSign(seed, utf8('message'))).toEqual(signature);
    expect(Object.getPrototypeOf(signature)).toBe(Uint8Array.prototype);
  });

  it('verifies its own signature and nothing near it', async () => {
    const signature = signEd25519(seed, utf8('message'));
    expect(await verdict(publicKey, utf8('message'), signature)).toBe(true);
    expect(await verdict(publicKey, utf8('messagf'), signature)).toBe(false);
    for (const index of [0, 31, 32, 63]) {
      const flipped = signature.slice();
      flipped[index] = (flipped[index] as number) ^ 1;
      expect(await verdict(publicKey, utf8('message'), flipped)).toBe(false);
    }
  });

  it.each([
    ['an empty signature', 32, 0],
    ['a short signature', 32, 63],
    ['a long signature', 32, 65],
    ['an empty key', 0, 64],
    ['a short key', 31, 64],
    ['a long key', 33, 64],
  ])('answers false to %s', async (_, keyBytes, signatureBytes) => {
    expect(
      await verdict(new Uint8Array(keyBytes).fill(9), utf8('m'), new Uint8Array(signatureBytes).fill(9)),
    ).toBe(false);
  });

  it('refuses S + L, which names the same scalar', async () => {
    const signature = signEd25519(seed, utf8('message'));
    const order = 2n ** 252n + 27742317777372353535851937790883648493n;
    let s = 0n;
    for (let i = 63; i >= 32; i--) s = (s << 8n) | BigInt(signature[i] as number);
    s += order;
    const malleated = signature.slice();
    for (let i = 32; i < 64; i++) {
      malleated[i] = Number(s & 0xffn);
      s >>= 8n;
    }
    expect(await verdict(publicKey, utf8('message'), malleated)).toBe(false);
  });

  it.each([
    ['31 bytes', '00'.repeat(31), 'key_length'],
    ['the identity', `01${'00'.repeat(31)}`, 'key_small_order'],
    ['the identity with x = −0', `01${'00'.repeat(30)}80`, 'key_small_order'],
    ['a point of order 4', '00'.repeat(32), 'key_small_order'],
    [
      'a point of order 8',
      '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
      'key_small_order',
    ],
    ['y = p', `ed${'ff'.repeat(30)}7f`, 'key_not_canonical'],
    ['y = 2^255 − 1', `${'ff'.repeat(31)}7f`, 'key_not_canonical'],
    ['y = p + 1 with the sign bit', `ee${'ff'.repeat(31)}`, 'key_not_canonical'],
    ['no point of the curve', `02${'00'.repeat(31)}`, 'key_not_canonical'],
  ])('does not admit %s as a key', (_, key, code) => {
    expect(parsePublicKey(hex(key))).toMatchObject({ ok: false, code });
  });

  it('admits an ordinary key', () => {
    expect(parsePublicKey(publicKey)).toEqual({ ok: true, value: publicKey });
  });
});

describeVectors('ed25519/misc', 'RFC 8032 §7.1 and RFC 8037 appendix A', () => {
  type Rfc8032 = { vectors: { sk: string; pk: string; msg: string; sig: string }[] };
  it.each(readVectorJson<Rfc8032>('ed25519/misc/rfc8032.json').vectors)(
    'RFC 8032 $pk',
    async ({ sk, pk, msg, sig }) => {
      expect(formatHex(publicKeyOf(hex(sk)))).toBe(pk);
      expect(formatHex(portablePublicKeyOf(hex(sk)))).toBe(pk);
      expect(formatHex(signEd25519(hex(sk), hex(msg)))).toBe(sig);
      expect(formatHex(portableSign(hex(sk), hex(msg)))).toBe(sig);
      expect(await verdict(hex(pk), hex(msg), hex(sig))).toBe(true);
    },
  );

  it('RFC 8037: JWK, thumbprint and JWS', async () => {
    const rfc = readVectorJson<{
      jwk: { x: string };
      thumbprintSha256: string;
      jws: string;
      negatives: { jws: string }[];
    }>('ed25519/misc/rfc8037-appendix-a.json');
    const key = parseBase64url(rfc.jwk.x);
    if (!key.ok) throw new Error(key.code);
    expect(jwkOf(key.value)).toEqual({ kty: 'OKP', crv: 'Ed25519', x: rfc.jwk.x });
    expect(jwkThumbprint(key.value)).toBe(rfc.thumbprintSha256);
    for (const [jws, valid] of [[rfc.jws, true], ...rfc.negatives.map(({ jws }) => [jws, false])] as [
      string,
      boolean,
    ][]) {
      const [header, body, signature = ''] = jws.split('.');
      const bytes = parseBase64url(signature);
      if (!bytes.ok) throw new Error(bytes.code);
      expect(await verdict(key.value, utf8(`${header}.${body}`), bytes.value)).toBe(valid);
    }
  });
});

describeVectors('ed25519/wycheproof', 'Wycheproof', () => {
  type Group = {
    publicKey: { pk: string };
    tests: { tcId: number; comment: string; msg: string; sig: string; result: string }[];
  };
  const { testGroups, numberOfTests } = readVectorJson<{ testGroups: Group[]; numberOfTests: number }>(
    'ed25519/wycheproof/ed25519_test.json',
  );
  const rows = testGroups.flatMap(({ publicKey: { pk }, tests }) => tests.map((test) => ({ pk, ...test })));

  it('is complete', () => expect(rows.length).toBe(numberOfTests));

  it.each(rows)('$tcId $comment', async ({ pk, msg, sig, result }) => {
    expect(await verdict(hex(pk), hex(msg), hex(sig))).toBe(result === 'valid');
  });
});

describeVectors('ed25519/cctv', 'CCTV edge cases', () => {
  type Vector = { number: number; key: string; sig: string; msg: string; flags: string[] | null };
  const vectors = readVectorJson<Vector[]>('ed25519/cctv/ed25519vectors.json');
  const openssl = new Set(
    readVectorJson<{ accepted: number[] }>('ed25519/cctv/node20-openssl3-accepts.json').accepted,
  );
  const REFUSED = ['low_order_A', 'low_order_R', 'non_canonical_A', 'non_canonical_R', 'low_order_residue'];

  it('gives one answer everywhere: refused for a listed reason, valid otherwise', async () => {
    let accepted = 0;
    for (const { key, sig, msg, flags, number } of vectors) {
      const expected = !(flags ?? []).some((flag) => REFUSED.includes(flag));
      const answer = await verdict(hex(key), utf8(msg), hex(sig));
      expect(answer, `CCTV ${number} ${flags}`).toBe(expected);
      if (answer) {
        accepted++;
        expect(openssl.has(number), `stricter than OpenSSL, never laxer: CCTV ${number}`).toBe(true);
      }
    }
    expect(vectors.length).toBeGreaterThan(500);
    expect(accepted).toBeGreaterThan(0);
    expect(accepted).toBeLessThan(openssl.size);
  });
});
