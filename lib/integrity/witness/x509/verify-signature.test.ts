import { constants, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { Integer, Null, ObjectIdentifier } from 'asn1js';
import { AlgorithmIdentifier as PkiAlgorithm, RSASSAPSSParams } from 'pkijs';
import { describe, expect, it } from 'vitest';
import { utf8 } from '@/lib/core/bytes';
import { readAlgorithmIdentifier } from '@/lib/integrity/witness/x509/algorithm-identifier';
import { parseDer } from '@/lib/integrity/witness/x509/der';
import { type SignedMessage, verifySignature } from '@/lib/integrity/witness/x509/verify-signature';

const message = utf8('what was signed');
const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-384' });
const ed = generateKeyPairSync('ed25519');

const SHA = {
  sha1: '1.3.14.3.2.26',
  sha256: '2.16.840.1.101.3.4.2.1',
  sha384: '2.16.840.1.101.3.4.2.2',
  sha512: '2.16.840.1.101.3.4.2.3',
} as const;
type Sha = keyof typeof SHA;

function algorithm(oid: string, parameters: unknown): SignedMessage['algorithm'] {
  const pki = new PkiAlgorithm({ algorithmId: oid, ...(parameters ? { algorithmParams: parameters } : {}) });
  const node = parseDer(new Uint8Array(pki.toSchema().toBER()), 1_000);
  const read = readAlgorithmIdentifier(node.ok ? node.value : undefined);
  if (!read.ok) throw new Error(read.code);
  return read.value;
}

function pss(
  hash: Sha,
  saltLength: number,
  maskHash: Sha = hash,
  trailerField = 1,
): SignedMessage['algorithm'] {
  const named = (oid: string): PkiAlgorithm =>
    new PkiAlgorithm({ algorithmId: oid, algorithmParams: new Null() });
  const parameters = new RSASSAPSSParams({
    hashAlgorithm: named(SHA[hash]),
    maskGenAlgorithm: new PkiAlgorithm({
      algorithmId: '1.2.840.113549.1.1.8',
      algorithmParams: named(SHA[maskHash]).toSchema(),
    }),
    saltLength,
    trailerField,
  });
  return algorithm('1.2.840.113549.1.1.10', parameters.toSchema());
}

function spki(key: KeyObject): Uint8Array {
  return new Uint8Array(key.export({ format: 'der', type: 'spki' }));
}

async function outcome(signed: Omit<SignedMessage, 'message'>): Promise<string> {
  const verified = await verifySignature({ ...signed, message });
  const changed = await verifySignature({ ...signed, message: utf8('something else') });
  if (verified.ok) expect(changed).toMatchObject({ code: 'signature_invalid' });
  return verified.ok ? 'ok' : verified.code;
}

function signPss(hash: Sha, saltLength: number): Uint8Array {
  const padding = constants.RSA_PKCS1_PSS_PADDING;
  return new Uint8Array(sign(hash, message, { key: rsa.privateKey, padding, saltLength }));
}

describe('signatures by the names of X.509 and CMS', () => {
  it.each([
    ['sha256', '1.2.840.113549.1.1.11', 'ok'],
    ['sha384', '1.2.840.113549.1.1.12', 'ok'],
    ['sha512', '1.2.840.113549.1.1.13', 'ok'],
    ['sha1', '1.2.840.113549.1.1.5', 'signature_algorithm_weak'],
    ['md5', '1.2.840.113549.1.1.4', 'signature_algorithm_unsupported'],
    ['sha256', '1.2.840.113549.1.1.12', 'signature_invalid'],
  ])('RSA PKCS#1 v1.5: %s under %s', async (hash, oid, expected) => {
    const signature = new Uint8Array(sign(hash, message, rsa.privateKey));
    for (const parameters of [new Null(), undefined]) {
      expect(
        await outcome({ algorithm: algorithm(oid, parameters), publicKey: spki(rsa.publicKey), signature }),
      ).toBe(expected);
    }
  });

  it.each([
    ['sha256', '1.2.840.10045.4.3.2', 'ok'],
    ['sha384', '1.2.840.10045.4.3.3', 'ok'],
    ['sha512', '1.2.840.10045.4.3.4', 'ok'],
    ['sha1', '1.2.840.10045.4.1', 'signature_algorithm_weak'],
  ])('ECDSA: %s under %s', async (hash, oid, expected) => {
    const signature = new Uint8Array(sign(hash, message, ec.privateKey));
    const signed = { algorithm: algorithm(oid, undefined), publicKey: spki(ec.publicKey), signature };
    expect(await outcome(signed)).toBe(expected);
  });

  it('takes the hash that CMS names beside a bare key algorithm', async () => {
    const digestAlgorithm = 'sha-512';
    const byRsa = new Uint8Array(sign('sha512', message, rsa.privateKey));
    const plain = {
      algorithm: algorithm('1.2.840.113549.1.1.1', new Null()),
      publicKey: spki(rsa.publicKey),
    };
    expect(await outcome({ ...plain, signature: byRsa, digestAlgorithm })).toBe('ok');
    expect(await outcome({ ...plain, signature: byRsa })).toBe('signature_algorithm_unsupported');
    const byEc = new Uint8Array(sign('sha512', message, ec.privateKey));
    const bare = { algorithm: algorithm('1.2.840.10045.2.1', undefined), publicKey: spki(ec.publicKey) };
    expect(await outcome({ ...bare, signature: byEc, digestAlgorithm })).toBe('ok');
    const curveAsParameter = new ObjectIdentifier({ value: '1.3.132.0.34' });
    expect(
      await outcome({
        ...bare,
        algorithm: algorithm('1.2.840.10045.2.1', curveAsParameter),
        signature: byEc,
        digestAlgorithm,
      }),
    ).toBe('signature_algorithm_unsupported');
  });

  it.each([
    ['SHA-256, salt of 32', pss('sha256', 32), signPss('sha256', 32), 'ok'],
    ['SHA-384, salt of 48', pss('sha384', 48), signPss('sha384', 48), 'ok'],
    ['SHA-512, no salt', pss('sha512', 0), signPss('sha512', 0), 'ok'],
    ['another salt than was said', pss('sha256', 20), signPss('sha256', 32), 'signature_invalid'],
    ['SHA-1 by default', pss('sha1', 20), signPss('sha1', 20), 'signature_algorithm_unsupported'],
    [
      'a mask by another hash',
      pss('sha256', 32, 'sha512'),
      signPss('sha256', 32),
      'signature_algorithm_unsupported',
    ],
    [
      'another trailer',
      pss('sha256', 32, 'sha256', 2),
      signPss('sha256', 32),
      'signature_algorithm_unsupported',
    ],
    [
      'no parameters',
      algorithm('1.2.840.113549.1.1.10', undefined),
      signPss('sha256', 32),
      'signature_algorithm_unsupported',
    ],
    [
      'a number as parameters',
      algorithm('1.2.840.113549.1.1.10', new Integer({ value: 1 })),
      signPss('sha256', 32),
      'signature_algorithm_unsupported',
    ],
  ])('RSASSA-PSS: %s', async (_, named, signature, expected) => {
    expect(await outcome({ algorithm: named, publicKey: spki(rsa.publicKey), signature })).toBe(expected);
  });

  it('Ed25519', async () => {
    const signature = new Uint8Array(sign(null, message, ed.privateKey));
    const signed = {
      algorithm: algorithm('1.3.101.112', undefined),
      publicKey: spki(ed.publicKey),
      signature,
    };
    expect(await outcome(signed)).toBe('ok');
  });

  it('refuses a key of another type, and no key at all', async () => {
    const signature = new Uint8Array(sign('sha256', message, rsa.privateKey));
    const named = algorithm('1.2.840.113549.1.1.11', new Null());
    for (const publicKey of [
      spki(ec.publicKey),
      spki(ed.publicKey),
      new Uint8Array(0),
      new Uint8Array(9_000),
    ]) {
      expect(await outcome({ algorithm: named, publicKey, signature })).toBe(
        'signature_algorithm_unsupported',
      );
    }
  });
});
