/** The certificates in a token are not signed: whatever anyone puts there, the signer is the one that was signed for. */
import { type AsnType, Constructed, fromBER, OctetString, Sequence } from 'asn1js';
import { Certificate } from 'pkijs';
import { beforeAll, describe, expect, it } from 'vitest';
import { utf8 } from '@/lib/core/bytes';
import { sha256 } from '@/lib/core/hash';
import {
  basicConstraints,
  type CertificateAuthority,
  certificateDer,
  extendedKeyUsage,
  generateP256,
  issueCertificate,
  keyUsage,
} from '@/lib/demo/witnesses/issue-certificate';
import { signTimestamp } from '@/lib/demo/witnesses/sign-timestamp';
import { verifyTimestamp } from '@/lib/integrity/witness/rfc3161/verify-timestamp';
import type { WitnessReport } from '@/lib/integrity/witness/witness-report';

const DATA = utf8('stamped');
const NOW = Date.parse('2026-11-20T12:00:00.000Z');
const LEAF = [basicConstraints(false), keyUsage('data'), extendedKeyUsage(['1.3.6.1.5.5.7.3.8'], true)];

let root: CertificateAuthority;
let signer: CertificateAuthority;
let receipt: Uint8Array;

async function issue(
  commonName: string,
  issuer: CertificateAuthority | null,
  extensions = LEAF,
): Promise<CertificateAuthority> {
  const { publicKey, privateKey } = await generateP256();
  const certificate = await issueCertificate({
    commonName,
    publicKey,
    issuer: issuer ?? { selfSignedWith: privateKey },
    notBeforeMs: NOW - 1_000_000,
    notAfterMs: NOW + 1_000_000,
    extensions,
  });
  return { certificate, privateKey };
}

async function stampBy(
  { certificate, privateKey }: CertificateAuthority,
  wantsCertificate = true,
): Promise<Uint8Array> {
  const request = {
    hash: 'sha-256',
    digest: sha256(DATA),
    policy: null,
    nonce: null,
    wantsCertificate,
  } as const;
  return await signTimestamp(
    request,
    { serial: 1, genTimeMs: NOW },
    { certificate, privateKey, rootPem: '' },
  );
}

beforeAll(async () => {
  root = await issue('Root', null, [basicConstraints(true), keyUsage('certificates')]);
  signer = await issue('True signer', root);
  receipt = await stampBy(signer);
});

/** The receipt with another bag of certificates, written again by asn1js. */
function withBag(bytes: Uint8Array, change: (bag: AsnType[]) => AsnType[]): Uint8Array {
  const { result } = fromBER(bytes);
  const child = (node: AsnType | undefined, index: number): AsnType =>
    (node as Constructed).valueBlock.value[index] as AsnType;
  // TimeStampResp → ContentInfo → [0] → SignedData → [0] certificates
  const bag = child(child(child(child(result, 1), 1), 0), 3) as Constructed;
  bag.valueBlock.value = change(bag.valueBlock.value as AsnType[]) as typeof bag.valueBlock.value;
  return new Uint8Array(result.toBER());
}

function schema({ certificate }: CertificateAuthority): AsnType {
  return certificate.toSchema() as AsnType;
}

function verify(bytes: Uint8Array, more: Uint8Array[] = []): Promise<WitnessReport> {
  const anchors = [certificateDer(root.certificate)];
  return verifyTimestamp(bytes, { kind: 'bytes', bytes: DATA }, { anchors, intermediates: more });
}

function failures({ checks }: WitnessReport): string[] {
  return checks.flatMap(({ id, verdict, code }) => (verdict === 'invalid' ? [`${id} ${code}`] : []));
}

/** Same issuer and serial number as the true signer, another key. */
async function lookAlike(): Promise<AsnType> {
  const { publicKey, privateKey } = await generateP256();
  const twin = Certificate.fromBER(certificateDer(signer.certificate).slice().buffer as ArrayBuffer);
  await twin.subjectPublicKeyInfo.importKey(publicKey);
  await twin.sign(privateKey, 'SHA-256');
  return twin.toSchema() as AsnType;
}

const tagged = (tagNumber: number): AsnType =>
  new Constructed({
    idBlock: { tagClass: 3, tagNumber },
    value: [new Sequence({ value: [new OctetString({ valueHex: Uint8Array.of(1) })] })],
  }) as AsnType;

describe('the bag of certificates', () => {
  it('is written again byte for byte, so that what follows changes the bag alone', () => {
    expect(withBag(receipt, (bag) => bag)).toEqual(receipt);
  });

  it.each<[string, () => Promise<AsnType[]>]>([
    ['an attribute certificate of version 1', async () => [tagged(1)]],
    ['an attribute certificate of version 2', async () => [tagged(2)]],
    ['a certificate of another format', async () => [tagged(3)]],
    ['an extended certificate of PKCS#6', async () => [tagged(0)]],
    ['a sequence that is no certificate', async () => [new Sequence({ value: [] }) as AsnType]],
    ['a spoofed authority', async () => [schema(await issue('Spoofed', null))]],
    ['a twin with the name and number of the signer', async () => [await lookAlike()]],
    [
      'all of them',
      async () => [tagged(1), await lookAlike(), schema(await issue('Spoofed', root)), tagged(3)],
    ],
  ])('%s changes nothing, in front or behind', async (_, make) => {
    const added = await make();
    for (const place of [(bag: AsnType[]) => [...added, ...bag], (bag: AsnType[]) => [...bag, ...added]]) {
      const report = await verify(withBag(receipt, place));
      expect(report).toMatchObject({ verdict: 'valid', witness: 'CN=True signer' });
    }
  });

  it('a twin in place of the signer is found out', async () => {
    const twin = await lookAlike();
    expect(failures(await verify(withBag(receipt, () => [twin])))).toEqual([
      'rfc3161.ess ess_mismatch',
      'rfc3161.signature signature_invalid',
      'rfc3161.chain signature_invalid',
    ]);
  });

  it('without the signer nothing is shown; a pinned one helps', async () => {
    const bare = await stampBy(signer, false);
    expect((await verify(bare)).verdict).toBe('not-checked');
    expect((await verify(bare, [certificateDer(signer.certificate)])).verdict).toBe('valid');
  });
});

describe('signers that may not stamp', () => {
  it.each([
    [
      'an authority of certificates',
      [basicConstraints(true), keyUsage('data'), extendedKeyUsage(['1.3.6.1.5.5.7.3.8'], true)],
      ['rfc3161.signer signer_is_authority'],
    ],
    [
      'a key that may only sign certificates',
      [basicConstraints(false), keyUsage('certificates'), extendedKeyUsage(['1.3.6.1.5.5.7.3.8'], true)],
      ['rfc3161.signer signer_key_usage'],
    ],
    [
      'time stamping twice',
      [basicConstraints(false), extendedKeyUsage(['1.3.6.1.5.5.7.3.8', '1.3.6.1.5.5.7.3.8'], true)],
      ['rfc3161.eku purpose'],
    ],
    [
      'any purpose',
      [basicConstraints(false), extendedKeyUsage(['2.5.29.37.0'], true)],
      ['rfc3161.eku purpose'],
    ],
  ])('%s', async (_, extensions, expected) => {
    const other = await issue('Other', root, extensions);
    expect(failures(await verify(await stampBy(other)))).toEqual(expected);
  });

  it('whom the root did not certify', async () => {
    const stranger = await issue('Stranger', null);
    expect(failures(await verify(await stampBy(stranger)))).toEqual(['rfc3161.chain chain_untrusted']);
  });
});
