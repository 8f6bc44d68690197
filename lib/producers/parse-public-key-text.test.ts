import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { parsePublicKeyText } from './parse-public-key-text';

const pair = generateKeyPairSync('ed25519');
const jwk = pair.publicKey.export({ format: 'jwk' });
const x = String(jwk.x);

describe('a pasted public key', () => {
  it.each([
    ['a PEM block', pair.publicKey.export({ format: 'pem', type: 'spki' }).toString()],
    ['a JWK', JSON.stringify(jwk)],
    ['base64url', `  ${x}\n`],
    ['hex', Buffer.from(x, 'base64url').toString('hex').toUpperCase()],
  ])('is read from %s', (_name, text) => {
    expect(parsePublicKeyText(text)).toEqual({ ok: true, value: x });
  });

  it.each([
    [
      'a private PEM block',
      pair.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
      'private_key',
    ],
    ['a private JWK', JSON.stringify(pair.privateKey.export({ format: 'jwk' })), 'private_key'],
    [
      'an OpenSSH private key',
      '-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----',
      'private_key',
    ],
    [
      'a P-256 key',
      generateKeyPairSync('ec', { namedCurve: 'P-256' })
        .publicKey.export({ format: 'pem', type: 'spki' })
        .toString(),
      'not_ed25519',
    ],
    ['an X25519 JWK', JSON.stringify({ ...jwk, crv: 'X25519' }), 'not_ed25519'],
    ['31 bytes', x.slice(0, 41), 'unreadable'],
    ['padded base64', `${x}=`, 'unreadable'],
    ['broken JSON', '{"kty":', 'unreadable'],
    ['nothing', '', 'unreadable'],
  ])('is refused when it is %s', (_name, text, code) => {
    expect(parsePublicKeyText(text)).toMatchObject({ ok: false, code });
  });
});
