import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { utf8 } from '@/lib/core/bytes';
import { ecdsaPublicKeySpki } from '@/lib/core/ecdsa';
import { jwkOf, jwkThumbprint, publicKeyOf } from '@/lib/core/ed25519';
import { formatBase64 } from '@/lib/core/encoding';
import { describeVectors, hasVector, readVectorBytes } from '@/lib/core/testing/published-vectors';
import { formatNoteKey, NOTE_KEY_TYPE, noteKeyOf } from '@/lib/integrity/note-key';
import { formatTrustFile } from './format-trust-file';
import { MAX_TRUST_FILE_BYTES, parseTrustFile } from './parse-trust-file';
import { fingerprintOf, rootBytes } from './root-bytes';
import { ROOT_WORDS } from './root-words';
import { TRUST_ERROR_CODES, TRUST_SENTENCES } from './trust-error';
import type { TrustRoot } from './trust-root';

const VKEY = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const publicKey = publicKeyOf(new Uint8Array(32).fill(7));
const spki = ecdsaPublicKeySpki(new Uint8Array(32).fill(9));
const pem = (label: string, der: Uint8Array) =>
  utf8(`what it is\n-----BEGIN ${label}-----\n${formatBase64(der)}\n-----END ${label}-----\n`);
const json = (value: unknown) => utf8(JSON.stringify(value));

function codeOf(name: string, bytes: Uint8Array, hints = {}) {
  const read = parseTrustFile(name, bytes, hints);
  return read.ok ? read.value.map(({ kind }) => kind).join() : read.code;
}

test('the worked example: a note key is one root whose fingerprint is over its 32 bytes', () => {
  const read = parseTrustFile('vkey.txt', utf8(`# a remark\n${VKEY}\n`));
  expect(read).toEqual({
    ok: true,
    value: [
      {
        kind: 'log',
        name: 'PeterNeumann',
        fingerprint: 'sha-256:c7a9d541f116ae828b693ee8c89482bbe3ec786faa1df159677bd65150394f0f',
        vkey: VKEY,
      },
    ],
  });
});

test('a cosignature key is a witness, and one key twice counts once', () => {
  const vkey = formatNoteKey(noteKeyOf('witness.example', NOTE_KEY_TYPE.cosignatureV1, publicKey));
  expect(codeOf('keys', utf8(`${VKEY}\n${vkey}\n${vkey}\n`))).toBe('log,witness');
});

test('what is formatted reads back', () => {
  const roots: TrustRoot[] = [
    {
      kind: 'approval-key',
      name: 'console',
      fingerprint: fingerprintOf(publicKey),
      pinned: { by: 'Meera Iyer', at: '2026-11-20T06:00:00.000Z' },
      issuer: 'https://console.example',
      kid: jwkThumbprint(publicKey),
      publicKey: formatBase64(publicKey),
      validFrom: '2026-11-01T00:00:00.000Z',
      retiredAt: null,
    },
    { kind: 'anchor-key', name: 'anchor', fingerprint: fingerprintOf(spki), publicKey: formatBase64(spki) },
  ];
  expect(parseTrustFile('trust.json', utf8(formatTrustFile(roots)))).toEqual({ ok: true, value: roots });
});

test('a key set gives approval keys and ledger keys, each under its own kind', () => {
  const keys = [
    { ...jwkOf(publicKey), kid: jwkThumbprint(publicKey), nbf: 1_700_000_000 },
    {
      kty: 'EC',
      crv: 'P-256',
      x: Buffer.from(spki.subarray(27, 59)).toString('base64url'),
      y: Buffer.from(spki.subarray(59)).toString('base64url'),
    },
  ];
  const read = parseTrustFile('jwks.json', json({ keys }), { issuer: 'https://console.example' });
  expect(read.ok && read.value).toMatchObject([
    { kind: 'approval-key', issuer: 'https://console.example', validFrom: '2023-11-14T22:13:20.000Z' },
    { kind: 'ledger-key', publicKey: formatBase64(spki), fingerprint: fingerprintOf(spki) },
  ]);
});

test('a node’s published keys', () => {
  const nodes = {
    nodeId: 'node.example',
    activeKid: 'k1',
    keys: [{ kid: 'k1', algorithm: 'Ed25519', publicKey: formatBase64(spki) }],
  };
  expect(codeOf('nexart-node.json', json(nodes))).toBe('cer-node');
});

test('a public key is taken for what the caller says it is for, and for nothing else', () => {
  const file = pem('PUBLIC KEY', spki);
  expect(codeOf('key.pem', file)).toBe('trust_kind_needed');
  expect(codeOf('key.pem', file, { as: 'anchor-key' })).toBe('anchor-key');
  expect(codeOf('key.pem', file, { as: 'rekor-log', origin: 'rekor.example' })).toBe('rekor-log');
});

const honest = (root: object) => json({ format: 'countersign/trust/v1', roots: [root] });
const log = { kind: 'log', name: 'a', vkey: VKEY };

describe('hostile files', () => {
  const rows: [attack: string, code: string, bytes: Uint8Array, hints?: object][] = [
    [
      'fingerprint of another key',
      'trust_fingerprint',
      honest({ ...log, fingerprint: fingerprintOf(publicKey) }),
    ],
    [
      'witness key passed off as a log’s',
      'trust_key',
      honest({
        ...log,
        vkey: formatNoteKey(noteKeyOf('w', NOTE_KEY_TYPE.cosignatureV1, publicKey)),
        fingerprint: fingerprintOf(publicKey),
      }),
    ],
    [
      'kid that is not the key’s thumbprint',
      'trust_key',
      honest({
        kind: 'approval-key',
        name: 'a',
        issuer: 'a',
        kid: 'x'.repeat(43),
        publicKey: formatBase64(publicKey),
        fingerprint: fingerprintOf(publicKey),
        validFrom: '',
        retiredAt: null,
      }),
    ],
    [
      'small-order stream key',
      'trust_key',
      honest({
        kind: 'stream-key',
        name: 'a',
        stream: 'a',
        keyid: 'a',
        publicKey: formatBase64(new Uint8Array(32)),
        fingerprint: fingerprintOf(new Uint8Array(32)),
        validFrom: '',
        retiredAt: null,
      }),
    ],
    ['another format', 'trust_format', json({ format: 'countersign/trust/v2', roots: [] })],
    ['unknown kind of root', 'trust_shape', honest({ kind: 'everything', name: 'a', fingerprint: '' })],
    ['duplicate member', 'trust_json', utf8('{"format":"a","format":"countersign/trust/v1","roots":[]}')],
    ['note key with a forged id', 'trust_key', utf8(VKEY.replace('c74f20a3', 'c74f20a4'))],
    [
      'private key in a key set',
      'trust_private_key',
      json({ keys: [{ ...jwkOf(publicKey), kid: jwkThumbprint(publicKey), d: 'AAAA' }] }),
    ],
    ['private key in PEM', 'trust_private_key', pem('PRIVATE KEY', spki), { as: 'anchor-key' }],
    ['PEM block that never ends', 'trust_shape', utf8('-----BEGIN CERTIFICATE-----\nAAAA\n')],
    ['certificate with bytes after it', 'trust_certificate', pem('CERTIFICATE', Uint8Array.of(...spki, 0))],
    ['header without proof of work', 'trust_shape', new Uint8Array(80).fill(1), { as: 'bitcoin-header' }],
    ['prose', 'trust_unrecognised', utf8('please trust me')],
    ['empty key set', 'trust_empty', json({ keys: [] })],
    ['file of 9 MiB', 'trust_too_large', new Uint8Array(MAX_TRUST_FILE_BYTES + 1)],
  ];
  test.each(rows)('%s: %s', (_attack, code, bytes, hints) => {
    expect(codeOf('file', bytes, hints)).toBe(code);
  });

  test('any bytes under any name give roots or a closed code', () => {
    fc.assert(
      fc.property(fc.string(), fc.uint8Array({ maxLength: 400 }), (name, bytes) => {
        const read = parseTrustFile(name, bytes);
        if (!read.ok) expect(TRUST_ERROR_CODES).toContain(read.code);
      }),
    );
    fc.assert(
      fc.property(fc.json(), (text) => {
        const read = parseTrustFile('a.json', utf8(text));
        if (!read.ok) expect(TRUST_ERROR_CODES).toContain(read.code);
      }),
    );
  });
});

test('every kind has words and every code a sentence', () => {
  expect(Object.values(ROOT_WORDS).every(({ name, rests }) => name.length > 3 && rests.length > 10)).toBe(
    true,
  );
  expect(Object.keys(TRUST_SENTENCES).sort()).toEqual([...TRUST_ERROR_CODES].sort());
});

describeVectors('ccf', 'published ledger keys', () => {
  test.skipIf(!hasVector('ccf/scitt/esrp-cts-db.json'))('a SCITT ledger’s list of certificates', () => {
    const read = parseTrustFile('esrp-cts-db.json', readVectorBytes('ccf/scitt/esrp-cts-db.json'));
    expect(read.ok && new Set(read.value.map(({ kind }) => kind))).toEqual(new Set(['ledger-service']));
    expect(read.ok && read.value.length).toBeGreaterThan(2);
  });
  test.skipIf(!hasVector('ccf/scitt/esrp-cts-cp.jwks.json'))(
    'a ledger’s key set: kid is its fingerprint',
    () => {
      const read = parseTrustFile(
        'esrp-cts-cp.jwks.json',
        readVectorBytes('ccf/scitt/esrp-cts-cp.jwks.json'),
      );
      const [root] = read.ok ? read.value : [];
      expect(root?.fingerprint).toBe(
        'sha-256:a7ad3b7729516ca443fa472a0f2faa4a984ee3da7eafd17f98dcffbac4a6a10f',
      );
      expect(root && rootBytes(root).ok).toBe(true);
    },
  );
});

describeVectors('rfc3161', 'published time-stamping roots', () => {
  test.skipIf(!hasVector('rfc3161/roots/freetsa-cacert.pem'))('named by their subject', () => {
    const read = parseTrustFile('cacert.pem', readVectorBytes('rfc3161/roots/freetsa-cacert.pem'));
    expect(read.ok && read.value).toMatchObject([{ kind: 'timestamp-authority' }]);
    expect(read.ok && read.value[0]?.name).toContain('Free TSA');
  });
});

describeVectors('ots', 'published block headers', () => {
  test.skipIf(!hasVector('ots/headers/headers.json'))('the genesis block in raw form', () => {
    const { complete } = JSON.parse(Buffer.from(readVectorBytes('ots/headers/headers.json')).toString());
    const raw = Uint8Array.from(Buffer.from(complete[0].headerHex, 'hex'));
    const read = parseTrustFile('headers', raw, { as: 'bitcoin-header' });
    expect(read.ok && read.value).toMatchObject([{ kind: 'bitcoin-header', height: 0 }]);
  });
});

describeVectors('s3worm', 'published keys of an audit log', () => {
  const path = 's3worm/cloudtrail-derived/public-keys.json';
  test.skipIf(!hasVector(path))(
    'are store audit keys; a fingerprint that is not their own is refused',
    () => {
      const bytes = readVectorBytes(path);
      const read = parseTrustFile('public-keys.json', bytes);
      expect(read.ok && read.value).toMatchObject([
        { kind: 'store-audit-key', name: 'CloudTrail key 3fb873097c9f83de395c8cfb95d213e5' },
      ]);
      const lied = Buffer.from(Buffer.from(bytes).toString().replace('3fb87309', '00000000'));
      expect(parseTrustFile('public-keys.json', new Uint8Array(lied))).toMatchObject({ ok: false });
    },
  );
});
