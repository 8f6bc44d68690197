import { Integer, Primitive, Sequence } from 'asn1js';
import { type Extension, type Certificate as PkiCertificate, RelativeDistinguishedNames } from 'pkijs';
import { beforeAll, describe, expect, it } from 'vitest';
import { utf8 } from '@/lib/core/bytes';
import {
  basicConstraints,
  type CertificateAuthority,
  certificateDer,
  extendedKeyUsage,
  extension,
  generateP256,
  issueCertificate,
  keyUsage,
} from '@/lib/demo/witnesses/issue-certificate';
import { type Certificate, parseCertificate } from '@/lib/integrity/witness/x509/certificate';
import { type ChainQuestion, verifyChain } from '@/lib/integrity/witness/x509/verify-chain';

const NOW = Date.parse('2026-11-20T12:00:00.000Z');
const DAY = 86_400_000;
const TIME_STAMPING = '1.3.6.1.5.5.7.3.8';
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';

function read(certificate: PkiCertificate): Certificate {
  const parsed = parseCertificate(certificateDer(certificate));
  if (!parsed.ok) throw new Error(parsed.detail);
  return parsed.value;
}

interface Wish {
  extensions?: Extension[];
  notBeforeMs?: number;
  notAfterMs?: number;
}

/** A certificate below `issuer`, or a root, with what makes an authority unless told otherwise. */
async function issue(
  commonName: string,
  issuer: CertificateAuthority | null,
  { extensions, notBeforeMs = NOW - 365 * DAY, notAfterMs = NOW + 365 * DAY }: Wish = {},
  keys?: CryptoKeyPair,
): Promise<CertificateAuthority> {
  const { publicKey, privateKey } = keys ?? (await generateP256());
  const certificate = await issueCertificate({
    commonName,
    publicKey,
    issuer: issuer ?? { selfSignedWith: privateKey },
    notBeforeMs,
    notAfterMs,
    extensions: extensions ?? [basicConstraints(true), keyUsage('certificates')],
  });
  return { certificate, privateKey };
}

const LEAF = [basicConstraints(false), keyUsage('data'), extendedKeyUsage([TIME_STAMPING], true)];
let root: CertificateAuthority;
let middle: CertificateAuthority;
let leaf: CertificateAuthority;

beforeAll(async () => {
  root = await issue('Root', null);
  middle = await issue('Middle', root);
  leaf = await issue('Leaf', middle, { extensions: LEAF });
});

function ask(
  over: { leaf?: CertificateAuthority; anchors?: CertificateAuthority[]; others?: CertificateAuthority[] },
  atMs = NOW,
): ChainQuestion {
  return {
    leaf: read((over.leaf ?? leaf).certificate),
    anchors: (over.anchors ?? [root]).map(({ certificate }) => read(certificate)),
    others: (over.others ?? [middle]).map(({ certificate }) => read(certificate)),
    atMs,
    purpose: TIME_STAMPING,
  };
}

async function outcome(question: ChainQuestion): Promise<string> {
  const chain = await verifyChain(question);
  return chain.ok ? chain.value.map(({ subjectName }) => subjectName.slice(3)).join(' < ') : chain.code;
}

/** The outcome with another intermediate, and a leaf below it. */
async function under(
  wish: Wish,
  issuer = root,
  anchors = [root],
  more: CertificateAuthority[] = [],
): Promise<string> {
  const other = await issue('Other', issuer, wish);
  const below = await issue('Below', other, { extensions: LEAF });
  return await outcome(ask({ leaf: below, anchors, others: [other, ...more] }));
}

describe('a path to a pinned certificate', () => {
  it('goes over intermediates to the root, or ends at a pinned one before', async () => {
    expect(await outcome(ask({}))).toBe('Leaf < Middle < Root');
    expect(await outcome(ask({ anchors: [middle], others: [] }))).toBe('Leaf < Middle');
    expect(await outcome(ask({ anchors: [leaf], others: [] }))).toBe('Leaf');
  });

  it.each([
    ['its first second', NOW - 365 * DAY, 'Leaf < Middle < Root'],
    ['the second before', NOW - 365 * DAY - 1, 'chain_expired'],
    ['its last second', NOW + 365 * DAY, 'Leaf < Middle < Root'],
    ['the moment after', NOW + 365 * DAY + 1, 'chain_expired'],
  ])('at %s', async (_, atMs, expected) => {
    expect(await outcome(ask({}, atMs))).toBe(expected);
  });

  it('is sought further when one way is barred: a cross-signed authority with an expired twin', async () => {
    const keys = await generateP256();
    const expired = await issue('Cross', root, { notAfterMs: NOW - DAY }, keys);
    const current = await issue('Cross', root, {}, keys);
    const below = await issue('Below', current, { extensions: LEAF });
    expect(await outcome(ask({ leaf: below, others: [expired, current] }))).toBe('Below < Cross < Root');
    expect(await outcome(ask({ leaf: below, others: [expired] }))).toBe('chain_expired');
  });
});

describe('what is refused', () => {
  it('a root that nobody pinned, also one that signed itself under the pinned name', async () => {
    const impostor = await issue('Root', null);
    const forged = await issue('Middle', impostor);
    const below = await issue('Leaf', forged, { extensions: LEAF });
    expect(await outcome(ask({ anchors: [impostor] }))).toBe('signature_invalid');
    expect(await outcome(ask({ leaf: below, others: [forged, impostor] }))).toBe('signature_invalid');
    expect(await outcome(ask({ anchors: [] }))).toBe('chain_untrusted');
    expect(await outcome(ask({ others: [] }))).toBe('chain_untrusted');
  });

  it('an authority that was not valid then, the pinned one included', async () => {
    expect(await under({ notAfterMs: NOW - 1_000 })).toBe('chain_expired');
    const old = await issue('Old root', null, { notAfterMs: NOW - DAY });
    expect(await under({}, old, [old])).toBe('chain_expired');
  });

  it.each<[string, Wish, string]>([
    ['a leaf that plays authority', { extensions: LEAF }, 'chain_not_ca'],
    ['an authority without constraints', { extensions: [keyUsage('certificates')] }, 'chain_not_ca'],
    [
      'a key that may only sign data',
      { extensions: [basicConstraints(true), keyUsage('data')] },
      'chain_key_usage',
    ],
    [
      'an authority for web servers alone',
      { extensions: [basicConstraints(true), extendedKeyUsage([SERVER_AUTH], false)] },
      'chain_purpose',
    ],
    [
      'an unknown critical extension',
      { extensions: [basicConstraints(true), extension('1.2.3.4', true, new Integer({ value: 1 }))] },
      'chain_critical_extension',
    ],
    [
      'name constraints, which are not applied here',
      { extensions: [basicConstraints(true), extension('2.5.29.30', true, new Sequence())] },
      'chain_critical_extension',
    ],
  ])('%s', async (_, wish, code) => {
    expect(await under(wish)).toBe(code);
  });

  it.each<[string, Wish]>([
    [
      'an unknown extension that is not critical',
      { extensions: [basicConstraints(true), extension('1.2.3.4', false, new Integer({ value: 1 }))] },
    ],
    [
      'an authority for time stamping',
      { extensions: [basicConstraints(true), extendedKeyUsage([TIME_STAMPING, SERVER_AUTH], false)] },
    ],
    [
      'an authority for any purpose',
      { extensions: [basicConstraints(true), extendedKeyUsage(['2.5.29.37.0'], false)] },
    ],
    ['a path length of none below', { extensions: [basicConstraints(true, 0), keyUsage('certificates')] }],
  ])('but not %s', async (_, wish) => {
    expect(await under(wish)).toBe('Below < Other < Root');
  });

  it('an authority below one that may have none below it', async () => {
    const short = await issue('Short', root, {
      extensions: [basicConstraints(true, 0), keyUsage('certificates')],
    });
    expect(await under({}, short, [root], [short])).toBe('chain_path_length');
  });

  const dnsName = new Sequence({
    value: [new Primitive({ idBlock: { tagClass: 3, tagNumber: 2 }, valueHex: utf8('tsa.example') })],
  });
  it.each([
    ['a leaf with a critical alternative name', true, dnsName],
    ['one that holds nothing', false, new Sequence()],
    ['one that is no list of names', false, new Integer({ value: 1 })],
  ])('but not %s: names decide nothing', async (_, critical, names) => {
    const named = await issue('Named', middle, {
      extensions: [...LEAF, extension('2.5.29.17', critical, names)],
    });
    expect(await outcome(ask({ leaf: named }))).toBe('Named < Middle < Root');
  });

  it('but not a leaf without a subject, which is called by its number', async () => {
    const nameless = await issue('Nameless', middle, {
      extensions: [...LEAF, extension('2.5.29.17', true, dnsName)],
    });
    nameless.certificate.subject = new RelativeDistinguishedNames();
    await nameless.certificate.sign(middle.privateKey, 'SHA-256');
    const chain = await verifyChain(ask({ leaf: nameless }));
    expect(chain.ok && chain.value[0].subjectName).toMatch(/^number [0-9a-f]{32} of CN=Middle$/);
  });

  it('a leaf with an unknown critical extension', async () => {
    const odd = await issue('Odd', middle, {
      extensions: [...LEAF, extension('1.2.3.4', true, new Integer({ value: 1 }))],
    });
    expect(await outcome(ask({ leaf: odd }))).toBe('chain_critical_extension');
  });

  it('a path of nine, and authorities that certify each other', async () => {
    let last = root;
    const row: CertificateAuthority[] = [];
    for (let i = 0; i < 8; i++) {
      last = await issue(`Step ${i}`, last);
      row.push(last);
    }
    const far = await issue('Far', last, { extensions: LEAF });
    expect(await outcome(ask({ leaf: far, others: row }))).toBe('chain_too_long');
    const keys = await generateP256();
    const a: CertificateAuthority = await issue('A', null, {}, keys);
    const b = await issue('B', a);
    const aByB = await issue('A', b, {}, keys);
    const below = await issue('Below', b, { extensions: LEAF });
    expect(await outcome(ask({ leaf: below, others: [b, aByB, a] }))).toBe('chain_untrusted');
  });

  it('a crowd of look-alikes, after a bounded number of signatures', async () => {
    const keys = await generateP256();
    const crowd = await Promise.all(Array.from({ length: 70 }, () => issue('Middle', root, {}, keys)));
    expect(await outcome(ask({ others: crowd }))).toBe('chain_too_long');
    expect(await outcome(ask({ others: [middle, ...crowd] }))).toBe('Leaf < Middle < Root');
  });
});
