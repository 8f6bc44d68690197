import { constants, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { concatBytes, utf8 } from '@/lib/core/bytes';
import { formatBase64url } from '@/lib/core/encoding';
import { sha256 } from '@/lib/core/hash';
import { plainBytes } from '@/lib/core/node-builtins';
import { type RsaScheme, verifyRsa } from '@/lib/core/rsa';

const message = utf8('what was signed');
const pair = generateKeyPairSync('rsa', { modulusLength: 2_048 });
const publicKey = plainBytes(pair.publicKey.export({ format: 'der', type: 'spki' }));
const PKCS1: RsaScheme = { name: 'pkcs1-v1.5' };
const PSS_32: RsaScheme = { name: 'pss', saltBytes: 32 };

function signPkcs1(hash: string, key = pair.privateKey): Uint8Array {
  return plainBytes(sign(hash, message, key));
}
function signPss(hash: string, saltLength: number): Uint8Array {
  const padding = constants.RSA_PKCS1_PSS_PADDING;
  return plainBytes(sign(hash, message, { key: pair.privateKey, padding, saltLength }));
}

afterEach(() => vi.unstubAllGlobals());

describe.each(['sha-1', 'sha-256', 'sha-384', 'sha-512'] as const)('RSA with %s', (hash) => {
  const name = hash.replace('-', '');
  it('verifies what Node signed, by the scheme that was used', async () => {
    const pkcs1 = signPkcs1(name);
    expect(await verifyRsa({ publicKey, scheme: PKCS1, hash, message, signature: pkcs1 })).toBe(true);
    expect(await verifyRsa({ publicKey, scheme: PSS_32, hash, message, signature: pkcs1 })).toBe(false);
    const pss = signPss(name, 32);
    expect(await verifyRsa({ publicKey, scheme: PSS_32, hash, message, signature: pss })).toBe(true);
    expect(await verifyRsa({ publicKey, scheme: PKCS1, hash, message, signature: pss })).toBe(false);
    const otherSalt: RsaScheme = { name: 'pss', saltBytes: 20 };
    expect(await verifyRsa({ publicKey, scheme: otherSalt, hash, message, signature: pss })).toBe(false);
  });

  it('refuses another message, another hash, another signature', async () => {
    const signature = signPkcs1(name);
    const signed = { publicKey, scheme: PKCS1, hash, message, signature };
    expect(await verifyRsa({ ...signed, message: concatBytes(message, Uint8Array.of(0)) })).toBe(false);
    const otherHash = hash === 'sha-256' ? 'sha-512' : 'sha-256';
    expect(await verifyRsa({ ...signed, hash: otherHash })).toBe(false);
    const flipped = signature.slice();
    flipped[100] = (flipped[100] as number) ^ 1;
    expect(await verifyRsa({ ...signed, signature: flipped })).toBe(false);
  });
});

describe('hostile keys and signatures', () => {
  const signature = signPkcs1('sha256');
  const edKey = plainBytes(generateKeyPairSync('ed25519').publicKey.export({ format: 'der', type: 'spki' }));
  it.each([
    ['an empty key', new Uint8Array(0)],
    ['a key cut short', publicKey.subarray(0, -1)],
    ['bytes after the key', concatBytes(publicKey, Uint8Array.of(0))],
    ['a key of another kind', edKey],
    ['a key of megabytes', new Uint8Array(2_000_000)],
  ])('%s verifies nothing', async (_, key) => {
    expect(await verifyRsa({ publicKey: key, scheme: PKCS1, hash: 'sha-256', message, signature })).toBe(
      false,
    );
  });

  it.each([
    ['an empty signature', new Uint8Array(0)],
    ['a signature cut short', signature.subarray(1)],
    ['a zero in front of the signature', concatBytes(Uint8Array.of(0), signature)],
    ['the signature 0', new Uint8Array(256)],
    ['the signature 1', new Uint8Array(256).fill(1, 255)],
    ['the modulus as signature', publicKey.subarray(33, 289)],
  ])('%s is refused', async (_, bytes) => {
    const signed = { publicKey, scheme: PKCS1, hash: 'sha-256' as const, message, signature: bytes };
    expect(await verifyRsa(signed)).toBe(false);
  });

  it('refuses 1,024 bits', async () => {
    const weak = generateKeyPairSync('rsa', { modulusLength: 1_024 });
    const key = plainBytes(weak.publicKey.export({ format: 'der', type: 'spki' }));
    const signed = { publicKey: key, scheme: PKCS1, hash: 'sha-256' as const, message };
    expect(await verifyRsa({ ...signed, signature: signPkcs1('sha256', weak.privateKey) })).toBe(false);
  });

  // With e = 1 the padded digest is its own signature; with a large e a right signature is dear to check.
  it.each([
    ['1', 1n, false],
    ['65,537', 65_537n, true],
    ['2^32 + 15', 2n ** 32n + 15n, false],
  ])('exponent %s', async (_, exponent, expected) => {
    const { n, p, q } = pair.privateKey.export({ format: 'jwk' });
    const modulus = integer(n);
    const d = inverse(exponent, (integer(p) - 1n) * (integer(q) - 1n));
    const info = concatBytes(DIGEST_INFO, sha256(message));
    const padding = new Uint8Array(256 - 3 - info.length).fill(0xff);
    const encoded = concatBytes(Uint8Array.of(0, 1), padding, Uint8Array.of(0), info);
    const signature = power(integer(formatBase64url(encoded)), d, modulus);
    const e = Buffer.from(evenHex(exponent), 'hex').toString('base64url');
    const key = createPublicKey({ key: { kty: 'RSA', n: n as string, e }, format: 'jwk' });
    const spki = plainBytes(key.export({ format: 'der', type: 'spki' }));
    const bytes = plainBytes(Buffer.from(evenHex(signature).padStart(512, '0'), 'hex'));
    expect(power(integer(formatBase64url(bytes)), exponent, modulus)).toBe(integer(formatBase64url(encoded)));
    const signed = { publicKey: spki, scheme: PKCS1, hash: 'sha-256' as const, message, signature: bytes };
    expect(await verifyRsa(signed)).toBe(expected);
  });
});

/** DigestInfo of SHA-256 before its digest (RFC 8017 §9.2, note 1). */
const DIGEST_INFO = Uint8Array.from(Buffer.from('3031300d060960864801650304020105000420', 'hex'));

function integer(base64url: string | undefined): bigint {
  return BigInt(`0x${Buffer.from(base64url ?? '', 'base64url').toString('hex')}`);
}
function evenHex(value: bigint): string {
  const text = value.toString(16);
  return text.length % 2 === 0 ? text : `0${text}`;
}
function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  for (let b = base % modulus, e = exponent; e > 0n; e >>= 1n, b = (b * b) % modulus) {
    if (e & 1n) result = (result * b) % modulus;
  }
  return result;
}
function inverse(value: bigint, modulus: bigint): bigint {
  let [r0, r1, t0, t1] = [modulus, value % modulus, 0n, 1n];
  while (r1 > 0n) [r0, r1, t0, t1] = [r1, r0 % r1, t1, t0 - (r0 / r1) * t1];
  return ((t0 % modulus) + modulus) % modulus;
}

it('gives no verdict where the host has no WebCrypto', async () => {
  vi.stubGlobal('crypto', {});
  const signed = { publicKey, scheme: PKCS1, hash: 'sha-256' as const, message };
  expect(await verifyRsa({ ...signed, signature: signPkcs1('sha256') })).toBeUndefined();
});
