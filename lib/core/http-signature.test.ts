import { describe, expect, it } from 'vitest';
import { utf8 } from '@/lib/core/bytes';
import { publicKeyOf, signEd25519, verifyEd25519 } from '@/lib/core/ed25519';
import { formatBase64, parseBase64 } from '@/lib/core/encoding';
import {
  formatContentDigest,
  formatSignatureBase,
  parseRequestSignature,
  signRequest,
  verifyContentDigest,
  verifyRequestSignature,
} from '@/lib/core/http-signature';

const seed = new Uint8Array(32).fill(7);
const publicKey = publicKeyOf(seed);
const body = utf8('{"hello": "world"}');
const targetUri = 'https://console.test/access/v1/evaluation?x=1';
const base = {
  method: 'POST',
  targetUri,
  keyid: 'key-1',
  seed,
  createdS: 1_700_000_000,
  nonce: 'n'.repeat(22),
};

function bytesOf(base64: string): Uint8Array {
  const bytes = parseBase64(base64);
  if (!bytes.ok) throw new Error('test data');
  return bytes.value;
}

function parse(headers: Record<string, string>, hasBody = true) {
  return parseRequestSignature({
    signatureInput: headers['signature-input'] ?? null,
    signature: headers.signature ?? null,
    hasBody,
  });
}

describe('RFC 9421 appendix B', () => {
  // B.1.4 test-key-ed25519, B.2 test request, B.2.6 signature.
  const key = bytesOf('JrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=');
  const secret = bytesOf('n4Ni+HpISpVObnQMW0wOhCKROaIKqKtW/2ZYb2p9KcU=');
  const components = [
    { name: 'date', value: 'Tue, 20 Apr 2021 02:07:55 GMT' },
    { name: '@method', value: 'POST' },
    { name: '@path', value: '/foo' },
    { name: '@authority', value: 'example.com' },
    { name: 'content-type', value: 'application/json' },
    { name: 'content-length', value: '18' },
  ];
  const params =
    '("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"';
  const signature =
    'wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==';

  it('B.2.6: the published signature verifies over our signature base, and signing gives it again', () => {
    const message = utf8(formatSignatureBase(components, params));
    expect(publicKeyOf(secret)).toEqual(key);
    expect(verifyEd25519(key, message, bytesOf(signature))).toBe(true);
    expect(formatBase64(signEd25519(secret, message))).toBe(signature);
  });

  it('B.2: the published Content-Digest (sha-512) matches its body', () => {
    const field =
      'sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:';
    expect(verifyContentDigest(field, body)).toEqual({ ok: true, value: true });
    expect(formatContentDigest(body, 'sha-512')).toBe(field);
  });
});

describe('content digest', () => {
  const good = formatContentDigest(body);
  it.each([
    ['absent', null, 'content_digest_missing'],
    ['empty', '', 'content_digest_syntax'],
    ['of another body', formatContentDigest(utf8('{}')), 'content_digest_mismatch'],
    ['right member first, wrong second', `${good}, sha-512=:AAAA:`, 'content_digest_mismatch'],
    ['repeated algorithm, last one wins elsewhere', `sha-256=:AAAA:, ${good}`, 'content_digest_mismatch'],
    ['repeated algorithm', `${good}, ${good}`, 'content_digest_syntax'],
    ['only a weak algorithm', 'md5=:Sd/dVLAcvNLSq16eXua5uQ==:', 'content_digest_unsupported'],
    ['base64 with stray bits', 'sha-256=:AB==:', 'content_digest_syntax'],
  ])('%s', (_name, field, code) => {
    expect(verifyContentDigest(field, body)).toMatchObject({ ok: false, code });
  });
});

describe('request signature', () => {
  const headers = signRequest({ ...base, body });
  const input = headers['signature-input'] as string;

  it('round trip, with and without a body', () => {
    for (const sent of [body, undefined]) {
      const signed = signRequest({ ...base, body: sent, tag: 'gateway' });
      const read = parse(signed, sent !== undefined);
      expect(read).toMatchObject({
        ok: true,
        value: { keyid: 'key-1', nonce: base.nonce, createdS: base.createdS, tag: 'gateway' },
      });
      if (!read.ok) return;
      const request = {
        method: 'POST',
        targetUri,
        publicKey,
        contentDigest: signed['content-digest'] ?? null,
      };
      expect(verifyRequestSignature(read.value, request)).toBe(true);
      expect(verifyRequestSignature(read.value, { ...request, method: 'PUT' })).toBe(false);
      expect(verifyRequestSignature(read.value, { ...request, targetUri: `${targetUri}0` })).toBe(false);
      expect(
        verifyRequestSignature(read.value, {
          ...request,
          targetUri: targetUri.replace('console', 'evil'),
        }),
      ).toBe(false);
      expect(
        verifyRequestSignature(read.value, {
          ...request,
          publicKey: publicKeyOf(new Uint8Array(32).fill(8)),
        }),
      ).toBe(false);
      if (sent)
        expect(
          verifyRequestSignature(read.value, { ...request, contentDigest: formatContentDigest(utf8('{}')) }),
        ).toBe(false);
    }
  });

  it('reads components and parameters in another order', () => {
    const params = `("content-digest" "@target-uri" "@method");keyid="key-1";alg="ed25519";created=1700000000;nonce="${base.nonce}"`;
    const digest = headers['content-digest'] as string;
    const message = formatSignatureBase(
      [
        { name: 'content-digest', value: digest },
        { name: '@target-uri', value: targetUri },
        { name: '@method', value: 'POST' },
      ],
      params,
    );
    const read = parse({
      'signature-input': `other=${params}`,
      signature: `other=:${formatBase64(signEd25519(seed, utf8(message)))}:`,
    });
    expect(read.ok).toBe(true);
    if (read.ok)
      expect(
        verifyRequestSignature(read.value, { method: 'post', targetUri, contentDigest: digest, publicKey }),
      ).toBe(true);
  });

  it.each([
    ['no fields', {}, 'signature_missing'],
    ['input without signature', { 'signature-input': input }, 'signature_missing'],
    [
      'two signatures in one field',
      { ...headers, 'signature-input': `${input}, b=${input.slice(4)}` },
      'signature_parameter',
    ],
    ['label of another signature', { ...headers, signature: `x${headers.signature}` }, 'signature_label'],
    [
      'body not covered',
      { ...headers, 'signature-input': input.replace(' "content-digest"', '') },
      'signature_component',
    ],
    [
      'method not covered',
      { ...headers, 'signature-input': input.replace('"@method" ', '') },
      'signature_component',
    ],
    [
      'address not covered but host',
      { ...headers, 'signature-input': input.replace('@target-uri', '@authority') },
      'signature_component',
    ],
    [
      'component covered twice',
      { ...headers, 'signature-input': input.replace('"@method"', '"@method" "@method"') },
      'signature_component',
    ],
    [
      'no component at all',
      { ...headers, 'signature-input': input.replace(/\(.*\)/, '()') },
      'signature_component',
    ],
    [
      'component parameter',
      { ...headers, 'signature-input': input.replace('"@method"', '"@method";req') },
      'signature_syntax',
    ],
    [
      'algorithm swapped',
      { ...headers, 'signature-input': input.replace('ed25519', 'hmac-sha256') },
      'signature_algorithm',
    ],
    [
      'algorithm left out',
      { ...headers, 'signature-input': input.replace(';alg="ed25519"', '') },
      'signature_algorithm',
    ],
    [
      'nonce left out',
      { ...headers, 'signature-input': input.replace(/;nonce="[^"]*"/, '') },
      'signature_parameter',
    ],
    [
      'nonce too short',
      { ...headers, 'signature-input': input.replace(/nonce="[^"]*"/, 'nonce="a"') },
      'signature_parameter',
    ],
    [
      'created left out',
      { ...headers, 'signature-input': input.replace(/;created=\d+/, '') },
      'signature_parameter',
    ],
    [
      'created as a float',
      { ...headers, 'signature-input': input.replace(/created=\d+/, 'created=1.5') },
      'signature_parameter',
    ],
    [
      'created negative',
      { ...headers, 'signature-input': input.replace(/created=/, 'created=-') },
      'signature_parameter',
    ],
    ['parameter repeated', { ...headers, 'signature-input': `${input};created=1` }, 'signature_parameter'],
    ['unknown parameter', { ...headers, 'signature-input': `${input};expires=1` }, 'signature_parameter'],
    [
      'space after a semicolon',
      { ...headers, 'signature-input': input.replace(';nonce', '; nonce') },
      'signature_syntax',
    ],
    [
      'signature of 63 bytes',
      { ...headers, signature: `sig=:${formatBase64(new Uint8Array(63))}:` },
      'signature_syntax',
    ],
    ['signature in base64url', { ...headers, signature: `sig=:${'-_'.repeat(43)}==:` }, 'signature_syntax'],
    ['field of 10 KB', { ...headers, 'signature-input': input + 'a'.repeat(10_000) }, 'signature_syntax'],
  ])('refuses: %s', (_name, fields, code) => {
    expect(parse(fields as Record<string, string>)).toMatchObject({ ok: false, code });
  });
});
