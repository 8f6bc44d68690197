import { describe, expect, it } from 'vitest';
import { utf8 } from '@/lib/core/bytes';
import {
  parsePublicKey,
  publicKeyOf,
  signEd25519,
  verifyEd25519,
  verifyEd25519Async,
} from '@/lib/core/ed25519';
import { portablePublicKeyOf, portableSign, portableVerify } from '@/lib/core/ed25519-portable';
import { webCryptoVerify } from '@/lib/core/ed25519-webcrypto';
import { parseHex } from '@/lib/core/encoding';
import { listEd25519Vectors } from '@/lib/core/testing/ed25519-vectors';
import { describeVectorCases, describeVectors, readVectorJson } from '@/lib/core/testing/published-vectors';
import { vectorFolder } from '@/lib/core/testing/vector-folder';

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

describeVectorCases('ed25519', 'published Ed25519 vectors, by every implementation', 500, listEd25519Vectors);

describeVectors('ed25519/cctv', 'CCTV edge cases', () => {
  it('are accepted more strictly than OpenSSL does, never more laxly', () => {
    const openssl = new Set(
      readVectorJson<{ accepted: number[] }>('ed25519/cctv/node20-openssl3-accepts.json').accepted,
    );
    const accepted = listEd25519Vectors(vectorFolder)
      .filter((one) => one.name.startsWith('CCTV ') && one.expect === 'valid')
      .map(({ name }) => Number(name.split(' ')[1]));
    expect(accepted.length).toBeGreaterThan(0);
    expect(accepted.filter((number) => !openssl.has(number))).toEqual([]);
    expect(accepted.length).toBeLessThan(openssl.size);
  });
});
