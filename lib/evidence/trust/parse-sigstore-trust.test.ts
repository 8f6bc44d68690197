import { expect, it } from 'vitest';
import { utf8 } from '@/lib/core/bytes';
import { describeVectors, readVectorBytes, readVectorJson } from '@/lib/core/testing/published-vectors';
import { formatTrustFile } from './format-trust-file';
import { parseSigstoreTrust } from './parse-sigstore-trust';
import { parseTrustFile } from './parse-trust-file';
import { rekorTrustOf } from './rekor-trust';

const PUBLIC_GOOD = 'tlog/sigstore-trust/trusted_root.public-good.json';

describeVectors('tlog', 'parseSigstoreTrust', () => {
  // biome-ignore lint/suspicious/noExplicitAny: published JSON whose shape the assertions state
  const publicGood = (): any => readVectorJson(PUBLIC_GOOD);

  it('reads the public good instance: two logs and one authority, each with its life', () => {
    const roots = parseTrustFile('trusted_root.json', readVectorBytes(PUBLIC_GOOD));
    if (!roots.ok) throw new Error(roots.code);
    expect(roots.value.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'rekor-log rekor.sigstore.dev',
      'rekor-log log2025-1.rekor.sigstore.dev',
      'timestamp-authority CN=sigstore-tsa, O=sigstore.dev',
      'timestamp-authority CN=sigstore-tsa-selfsigned, O=sigstore.dev',
    ]);
    expect(roots.value[0]).toMatchObject({
      origin: 'rekor.sigstore.dev',
      validFrom: '2021-01-12T11:53:27.000Z',
      fingerprint: 'sha-256:c0d23d6ad406973f9559f3ba2d1ca01f84147d8ffc5b8445c224f98b9591801d',
    });
    const trust = rekorTrustOf(roots.value);
    expect(trust.logs.map(({ validFromMs }) => validFromMs)).toEqual([
      Date.parse('2021-01-12T11:53:27Z'),
      Date.parse('2025-09-23T00:00:00Z'),
    ]);
    expect(trust.timestampAuthorities).toHaveLength(2);
    const again = parseTrustFile('pinned.json', utf8(formatTrustFile(roots.value)));
    expect(again).toEqual(roots);
  });

  it('keeps the end of a life, to the millisecond', () => {
    const file = publicGood();
    file.tlogs[0].publicKey.validFor.end = '2023-07-12T15:56:36Z';
    file.tlogs[1].publicKey.validFor.end = null;
    const roots = parseSigstoreTrust(file);
    const lives = rekorTrustOf(roots.ok ? roots.value : []).logs.map(({ validUntilMs }) => validUntilMs);
    expect(lives).toEqual([1_689_177_396_000, undefined]);
  });

  it('lets a bound that is no instant end everything', () => {
    const roots = parseSigstoreTrust(publicGood());
    const spoilt = (roots.ok ? roots.value : []).map((root) => ({ ...root, validFrom: 'yesterday' }));
    expect(rekorTrustOf(spoilt as never).logs.map(({ validFromMs }) => validFromMs)).toEqual([NaN, NaN]);
  });

  // biome-ignore lint/suspicious/noExplicitAny: published JSON whose shape the assertions state
  it.each<[attack: string, edit: (file: any) => void, code: string]>([
    ['a log without a beginning', (file) => delete file.tlogs[0].publicKey.validFor.start, 'trust_shape'],
    ['a log without a life', (file) => delete file.tlogs[1].publicKey.validFor, 'trust_shape'],
    [
      'an authority without a beginning',
      (file) => (file.timestampAuthorities[0].validFor = {}),
      'trust_shape',
    ],
    [
      'a time that does not exist',
      (file) => (file.tlogs[0].publicKey.validFor.start = '2021-13-12T00:00:00Z'),
      'trust_shape',
    ],
    [
      'a local time',
      (file) => (file.tlogs[0].publicKey.validFor.start = '2021-01-12T11:53:27'),
      'trust_shape',
    ],
    ['an address that is none', (file) => (file.tlogs[0].baseUrl = 'javascript:alert(1)'), 'trust_shape'],
    ['a key cut short', (file) => (file.tlogs[0].publicKey.rawBytes = 'MFkwEwYHKoZI'), 'trust_key'],
    [
      'a certificate cut short',
      (file) => (file.timestampAuthorities[0].certChain.certificates[0].rawBytes = 'MIICEDCC'),
      'trust_certificate',
    ],
    ['another media type', (file) => (file.mediaType = 'application/json'), 'trust_shape'],
    [
      'neither logs nor authorities',
      (file) => Object.assign(file, { tlogs: [], timestampAuthorities: [] }),
      'trust_empty',
    ],
  ])('refuses %s, and the whole file with it', (_, edit, code) => {
    const file = publicGood();
    edit(file);
    expect(parseSigstoreTrust(file)).toMatchObject({ ok: false, code });
  });
});
