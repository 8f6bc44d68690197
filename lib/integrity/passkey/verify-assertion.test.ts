import { createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { concatBytes, utf8 } from '@/lib/core/bytes';
import { sha256 } from '@/lib/core/hash';
import { parseCoseKey } from './cose-key';
import { type CeremonyInput, signAssertion, softwarePublicKey } from './software-authenticator';
import { type Assertion, type AssertionExpectation, verifyAssertion } from './verify-assertion';

const credential = { secret: sha256(utf8('a key')), credentialId: sha256(utf8('an id')) };
const ceremony: CeremonyInput = {
  challenge: sha256(utf8('the statement')),
  origin: 'https://console.example',
  rpId: 'console.example',
  signCount: 7,
};
const expected: AssertionExpectation = {
  challenge: ceremony.challenge,
  origin: ceremony.origin,
  rpId: ceremony.rpId,
  publicKey: softwarePublicKey(credential.secret),
};
const signed = (change: Partial<CeremonyInput> = {}) => signAssertion(credential, { ...ceremony, ...change });

/** Client data as whoever holds the key could write it, signed. */
function signClientData(text: string): Assertion {
  const { authenticatorData } = signed();
  const clientDataJson = utf8(text);
  const key = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    authenticatorData,
    clientDataJson,
    signature: new Uint8Array(sign('sha256', Buffer.from(clientDataJson), key.privateKey)),
  };
}

describe('verifyAssertion', () => {
  it('accepts what the authenticator signed, as node:crypto does', async () => {
    const assertion = signed();
    expect(await verifyAssertion(assertion, expected)).toEqual({ ok: true, signCount: 7, alg: 'ES256' });
    const key = parseCoseKey(expected.publicKey);
    if (!key.ok || key.value.alg !== 'ES256') throw new Error('an ES256 key');
    const spki = createPublicKey({ key: Buffer.from(key.value.spki), format: 'der', type: 'spki' });
    const message = concatBytes(assertion.authenticatorData, sha256(assertion.clientDataJson));
    expect(verify('sha256', message, spki, assertion.signature)).toBe(true);
  });

  const cases: [string, string, Assertion, Partial<AssertionExpectation>?][] = [
    [
      'another challenge (another statement)',
      'challenge_mismatch',
      signed({ challenge: sha256(utf8('other')) }),
    ],
    ['another origin', 'client_origin_mismatch', signed({ origin: 'https://console.example.evil' })],
    ['plain http', 'client_origin_mismatch', signed({ origin: 'http://console.example' })],
    ['another relying party', 'rp_id_mismatch', signed({ rpId: 'example' })],
    ['no user present', 'user_not_present', signed({ flags: 0x04 })],
    ['no user verified', 'user_not_verified', signed({ flags: 0x01 })],
    ['a registration', 'client_data_type', signed({ type: 'webauthn.create' })],
    ['a payment', 'client_data_type', signed({ type: 'payment.get' })],
    ['an attested credential inside', 'authenticator_data', signed({ flags: 0x45 })],
    ['extensions that are not there', 'authenticator_data', signed({ flags: 0x85 })],
    ['backed up without being eligible', 'authenticator_data', signed({ flags: 0x15 })],
    [
      "another person's key",
      'signature_invalid',
      signed(),
      { publicKey: softwarePublicKey(sha256(utf8('b'))) },
    ],
    ['a key that is none', 'key_unsupported', signed(), { publicKey: utf8('key') }],
    [
      'bytes behind the data',
      'authenticator_data',
      { ...signed(), authenticatorData: concatBytes(signed().authenticatorData, Uint8Array.of(0)) },
    ],
    ['no data', 'authenticator_data', { ...signed(), authenticatorData: new Uint8Array(0) }],
    ['no client data', 'client_data_form', { ...signed(), clientDataJson: new Uint8Array(0) }],
    [
      'client data too long',
      'client_data_form',
      { ...signed(), clientDataJson: new Uint8Array(9_000).fill(32) },
    ],
    ['a member twice', 'client_data_form', signClientData('{"type":"webauthn.get","type":"webauthn.get"}')],
    ['client data that is a list', 'client_data_form', signClientData('[]')],
    ['no signature', 'signature_invalid', { ...signed(), signature: new Uint8Array(0) }],
  ];
  it.each(cases)('refuses %s', async (_name, code, assertion, change) => {
    expect(await verifyAssertion(assertion, { ...expected, ...change })).toMatchObject({ ok: false, code });
  });

  it('refuses a frame of another site', async () => {
    const { clientDataJson } = signed();
    const text = Buffer.from(clientDataJson).toString().replace('"crossOrigin":false', '"crossOrigin":true');
    const verdict = await verifyAssertion({ ...signed(), clientDataJson: utf8(text) }, expected);
    expect(verdict).toMatchObject({ ok: false, code: 'cross_origin' });
  });

  it('notices a changed bit in every byte of what was signed', async () => {
    const assertion = signed();
    for (const part of ['authenticatorData', 'clientDataJson', 'signature'] as const) {
      for (let at = 0; at < assertion[part].length; at++) {
        const bytes = assertion[part].slice();
        bytes[at] = (bytes[at] as number) ^ (1 << (at % 8));
        const verdict = await verifyAssertion({ ...assertion, [part]: bytes }, expected);
        expect(verdict.ok, `${part} byte ${at}`).toBe(false);
      }
    }
  });
});

describe('the other algorithms', () => {
  const message = ({ authenticatorData, clientDataJson }: Assertion) =>
    concatBytes(authenticatorData, sha256(clientDataJson));
  const cbor = (head: number[], ...parts: (Uint8Array | number[])[]) =>
    concatBytes(Uint8Array.from(head), ...parts.map((part) => Uint8Array.from(part)));
  const jwk = (key: KeyObject) => key.export({ format: 'jwk' });
  const bytesOf = (text: string | undefined) => new Uint8Array(Buffer.from(text ?? '', 'base64url'));

  it('Ed25519', async () => {
    const pair = generateKeyPairSync('ed25519');
    const publicKey = cbor([0xa4, 1, 1, 3, 0x27, 0x20, 6, 0x21, 0x58, 32], bytesOf(jwk(pair.publicKey).x));
    const assertion = signed();
    const signature = new Uint8Array(sign(null, message(assertion), pair.privateKey));
    const verdict = await verifyAssertion({ ...assertion, signature }, { ...expected, publicKey });
    expect(verdict).toEqual({ ok: true, signCount: 7, alg: 'EdDSA' });
    const other = await verifyAssertion(assertion, { ...expected, publicKey });
    expect(other).toMatchObject({ code: 'signature_invalid' });
  });

  it('RSA with SHA-256', async () => {
    const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const { n, e } = jwk(pair.publicKey);
    const publicKey = cbor(
      [0xa4, 1, 3, 3, 0x39, 1, 0, 0x20, 0x59, 1, 0],
      bytesOf(n),
      [0x21, 0x43],
      bytesOf(e),
    );
    const assertion = signed();
    const signature = new Uint8Array(sign('sha256', message(assertion), pair.privateKey));
    const verdict = await verifyAssertion({ ...assertion, signature }, { ...expected, publicKey });
    expect(verdict).toEqual({ ok: true, signCount: 7, alg: 'RS256' });
    signature[9] = (signature[9] as number) ^ 1;
    const changed = await verifyAssertion({ ...assertion, signature }, { ...expected, publicKey });
    expect(changed).toMatchObject({ code: 'signature_invalid' });
  });

  it.each([
    ['ES256 under an RSA type', [0xa2, 1, 3, 3, 0x26]],
    [
      'a point off the curve',
      [...softwarePublicKey(credential.secret)].map((byte, i) => (i === 20 ? byte ^ 1 : byte)),
    ],
    ['bytes behind the key', [...softwarePublicKey(credential.secret), 0]],
    ['P-384', [...softwarePublicKey(credential.secret)].map((byte, i) => (i === 6 ? 2 : byte))],
    ['an algorithm of tomorrow', [0xa2, 1, 7, 3, 0x38, 0x30]],
  ])('refuses a key: %s', (_name, bytes) => {
    expect(parseCoseKey(Uint8Array.from(bytes)).ok).toBe(false);
  });
});
