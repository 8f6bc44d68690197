import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatBytes, utf8 } from '@/lib/core/bytes';
import { ecdsaPublicKeySpki, parseEcdsaPublicKey, signEcdsaP256, verifyEcdsa } from '@/lib/core/ecdsa';
import { formatHex, parseHex } from '@/lib/core/encoding';
import { sha256 } from '@/lib/core/hash';
import { plainBytes } from '@/lib/core/node-builtins';
import { listP256Vectors } from '@/lib/core/testing/p256-vectors';
import { describeVectorCases } from '@/lib/core/testing/published-vectors';

function hex(text: string): Uint8Array {
  const bytes = parseHex(text);
  if (!bytes.ok) throw new Error(`not hex: ${text}`);
  return bytes.value;
}

// RFC 6979 appendix A.2.5, P-256 with SHA-256, message "sample".
const secret = hex('c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721');
const r = hex('efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716');
const s = hex('f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8');
const digest = sha256(utf8('sample'));
const publicKey = ecdsaPublicKeySpki(secret);
/** Both integers have their high bit set, so each is 33 bytes in DER. */
const der = concatBytes(hex('3046022100'), r, hex('022100'), s);

const ORDER = hex('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551');
function integer(bytes: Uint8Array): bigint {
  return BigInt(`0x${formatHex(bytes)}`);
}
function bytes32(value: bigint): Uint8Array {
  return hex(value.toString(16).padStart(64, '0'));
}

describe('signing', () => {
  it('answers RFC 6979 and the public key that Node derives', () => {
    expect(signEcdsaP256(secret, digest)).toEqual(der);
    const jwk = { kty: 'EC', crv: 'P-256', d: Buffer.from(secret).toString('base64url') };
    const point = Buffer.from(publicKey.subarray(27));
    const x = point.subarray(0, 32).toString('base64url');
    const y = point.subarray(32).toString('base64url');
    const key = createPrivateKey({ key: { ...jwk, x, y }, format: 'jwk' });
    expect(plainBytes(createPublicKey(key).export({ format: 'der', type: 'spki' }))).toEqual(publicKey);
  });

  it('takes secrets of the right size and range, and whole digests', () => {
    expect(() => signEcdsaP256(new Uint8Array(32), digest)).toThrow();
    expect(() => signEcdsaP256(ORDER, digest)).toThrow();
    expect(() => signEcdsaP256(secret, digest.subarray(1))).toThrow();
    expect(() => ecdsaPublicKeySpki(new Uint8Array(31).fill(1))).toThrow();
  });

  it('is verified by Node, and in either half of S', () => {
    const signature = signEcdsaP256(secret, digest);
    const key = createPublicKey({ key: Buffer.from(publicKey), format: 'der', type: 'spki' });
    expect(verify('sha256', utf8('sample'), key, signature)).toBe(true);
    const low = concatBytes(r, bytes32(integer(ORDER) - integer(s)));
    expect(verifyEcdsa({ publicKey, digest, signature: low, encoding: 'p1363' })).toBe(true);
  });
});

describe('DER signatures', () => {
  const minusS = concatBytes(hex('3045022100'), r, hex('0220'), s);
  it.each([
    ['as signed', der, true],
    ['nothing', new Uint8Array(0), false],
    ['the bare header', hex('3000'), false],
    ['a byte appended', concatBytes(der, hex('00')), false],
    ['a byte cut off', der.subarray(0, -1), false],
    ['a third integer', concatBytes(hex('3049022100'), r, hex('022100'), s, hex('020101')), false],
    ['a length in long form', concatBytes(hex('308146022100'), r, hex('022100'), s), false],
    ['an indefinite length', concatBytes(hex('3080022100'), r, hex('022100'), s, hex('0000')), false],
    ['r with a needless zero', concatBytes(hex('304702220000'), r, hex('022100'), s), false],
    ['s negative', minusS, false],
    ['r = 0', concatBytes(hex('3026020100022100'), s), false],
    ['r as P1363', concatBytes(r, s), false],
    ['a SET', concatBytes(hex('3146022100'), r, hex('022100'), s), false],
  ])('%s', (_, signature, expected) => {
    expect(verifyEcdsa({ publicKey, digest, signature, encoding: 'der' })).toBe(expected);
  });
});

describe('public keys', () => {
  const point = publicKey.subarray(26);
  const outside = publicKey.slice();
  outside[90] = (outside[90] as number) ^ 1;
  it.each([
    ['a point off the curve', outside],
    [
      'a compressed point',
      concatBytes(
        hex('3039301306072a8648ce3d020106082a8648ce3d030107032200'),
        hex('03'),
        point.subarray(1, 33),
      ),
    ],
    ['a hybrid point', concatBytes(publicKey.subarray(0, 26), hex('06'), point.subarray(1))],
    ['the bare point', point],
    [
      'another curve of the same size',
      concatBytes(hex('3056301006072a8648ce3d020106052b8104000a034200'), point),
    ],
    ['bytes after it', concatBytes(publicKey, hex('00'))],
    ['nothing', new Uint8Array(0)],
    ['the point at infinity', hex('3019301306072a8648ce3d020106082a8648ce3d03010703020000')],
  ])('refuses %s', (_, key) => {
    expect(parseEcdsaPublicKey(key).ok).toBe(false);
    expect(verifyEcdsa({ publicKey: key, digest, signature: der, encoding: 'der' })).toBe(false);
  });
});

describe.each([
  ['p-256', 'P-256', 64],
  ['p-384', 'P-384', 96],
  ['p-521', 'P-521', 132],
] as const)('%s', (curve, namedCurve, signatureBytes) => {
  const pair = generateKeyPairSync('ec', { namedCurve });
  const spki = plainBytes(pair.publicKey.export({ format: 'der', type: 'spki' }));

  it('reads the key', () => {
    const key = parseEcdsaPublicKey(spki);
    expect(key.ok && key.value.curve).toBe(curve);
    expect(key.ok && key.value.point.length).toBe(signatureBytes + 1);
  });

  it.each(['sha-1', 'sha-256', 'sha-384', 'sha-512'] as const)('agrees with Node under %s', (hash) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (message) => {
        for (const encoding of ['der', 'p1363'] as const) {
          const dsaEncoding = encoding === 'der' ? 'der' : 'ieee-p1363';
          const signature = sign(hash.replace('-', ''), message, { key: pair.privateKey, dsaEncoding });
          const signed = { publicKey: spki, signature: plainBytes(signature), encoding };
          expect(verifyEcdsa({ ...signed, message, hash })).toBe(true);
          expect(verifyEcdsa({ ...signed, message: concatBytes(message, hex('00')), hash })).toBe(false);
        }
      }),
      { numRuns: 5 },
    );
  });

  it('refuses a signature with one bit changed, and one of another length', () => {
    const signature = plainBytes(
      sign('sha384', utf8('m'), { key: pair.privateKey, dsaEncoding: 'ieee-p1363' }),
    );
    const signed = {
      publicKey: spki,
      encoding: 'p1363' as const,
      message: utf8('m'),
      hash: 'sha-384' as const,
    };
    expect(signature.length).toBe(signatureBytes);
    for (const at of [1, signatureBytes / 2 - 1, signatureBytes / 2 + 1, signatureBytes - 1]) {
      const flipped = signature.slice();
      flipped[at] = (flipped[at] as number) ^ 1;
      expect(verifyEcdsa({ ...signed, signature: flipped })).toBe(false);
    }
    expect(verifyEcdsa({ ...signed, signature: signature.subarray(1) })).toBe(false);
    expect(verifyEcdsa({ ...signed, signature: concatBytes(signature, hex('00')) })).toBe(false);
  });
});

it('refuses digests that no hash makes', () => {
  const short = signEcdsaP256(secret, digest);
  for (const length of [0, 19, 65]) {
    expect(
      verifyEcdsa({ publicKey, digest: new Uint8Array(length), signature: short, encoding: 'der' }),
    ).toBe(false);
  }
});

describeVectorCases('ed25519/wycheproof', 'Wycheproof ECDSA P-256, SHA-256, P1363', 250, listP256Vectors);
