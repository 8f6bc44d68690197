import { Integer } from 'asn1js';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { equalBytes } from '@/lib/core/bytes';
import {
  basicConstraints,
  certificateDer,
  extendedKeyUsage,
  extension,
  generateP256,
  issueCertificate,
  keyUsage,
} from '@/lib/demo/witnesses/issue-certificate';
import { type Certificate, parseCertificate } from '@/lib/integrity/witness/x509/certificate';
import { verifySignature } from '@/lib/integrity/witness/x509/verify-signature';

const NOW = Date.parse('2026-11-20T12:00:00.500Z');
let keys: CryptoKeyPair;
let der: Uint8Array;

async function make(extensions = [basicConstraints(true, 1), keyUsage('certificates')]): Promise<Uint8Array> {
  const certificate = await issueCertificate({
    commonName: 'Prüfstelle\u202e',
    publicKey: keys.publicKey,
    issuer: { selfSignedWith: keys.privateKey },
    notBeforeMs: NOW,
    notAfterMs: NOW + 1_000_000,
    extensions,
  });
  return certificateDer(certificate);
}
function read(bytes: Uint8Array): Certificate {
  const parsed = parseCertificate(bytes);
  if (!parsed.ok) throw new Error(parsed.detail ?? parsed.code);
  return parsed.value;
}

beforeAll(async () => {
  keys = await generateP256();
  der = await make();
});

describe('a certificate', () => {
  it('says who, when and what for', async () => {
    const certificate = read(der);
    expect(certificate.subjectName).toBe('CN=Prüfstelle\ufffd');
    expect(certificate.notBeforeMs).toBe(Date.parse('2026-11-20T12:00:00.000Z'));
    expect(certificate).toMatchObject({ isCa: true, pathLength: 1, extendedKeyUsage: null });
    expect([...(certificate.keyUsage ?? [])]).toEqual(['keyCertSign', 'cRLSign']);
    expect(equalBytes(certificate.issuer, certificate.subject)).toBe(true);
    const spki = new Uint8Array(await crypto.subtle.exportKey('spki', keys.publicKey));
    expect(certificate.publicKey).toEqual(spki);
    const other = read(await make([extendedKeyUsage(['1.2.3', '1.2.4'], true)]));
    expect(other).toMatchObject({
      isCa: false,
      pathLength: null,
      keyUsage: null,
      extendedKeyUsage: { critical: true, purposes: ['1.2.3', '1.2.4'] },
    });
  });

  it('carries a signature that verifies, and not after one bit has changed', async () => {
    const { tbs, publicKey, signature, signatureAlgorithm } = read(der);
    const signed = { algorithm: signatureAlgorithm, publicKey, message: tbs, signature };
    expect(await verifySignature(signed)).toMatchObject({ ok: true });
    const changed = tbs.slice();
    changed[40] = (changed[40] as number) ^ 1;
    expect(await verifySignature({ ...signed, message: changed })).toMatchObject({
      code: 'signature_invalid',
    });
    const weak = { ...signed, algorithm: { oid: '1.2.840.10045.4.1', parameters: null } };
    expect(await verifySignature(weak)).toMatchObject({ code: 'signature_algorithm_weak' });
    const unknown = { ...signed, algorithm: { oid: '1.2.3.4', parameters: null } };
    expect(await verifySignature(unknown)).toMatchObject({ code: 'signature_algorithm_unsupported' });
    const otherKind = { ...signed, algorithm: { oid: '1.2.840.113549.1.1.11', parameters: null } };
    expect(await verifySignature(otherKind)).toMatchObject({ code: 'signature_algorithm_unsupported' });
  });
});

describe('is refused', () => {
  it('with one extension twice, or with a negative path length', async () => {
    for (const extensions of [
      [basicConstraints(true), basicConstraints(false)],
      [
        extension('1.2.3', false, new Integer({ value: 1 })),
        extension('1.2.3', false, new Integer({ value: 2 })),
      ],
      [basicConstraints(true, -1)],
    ]) {
      expect(parseCertificate(await make(extensions)).ok).toBe(false);
    }
  });

  it('in another version, or with another algorithm outside than inside', () => {
    // version [0] { INTEGER 2 } is the first field of the part that is signed.
    const version = der.findIndex((_, at) =>
      equalBytes(der.subarray(at, at + 5), Uint8Array.of(0xa0, 3, 2, 1, 2)),
    );
    const older = der.slice();
    older[version + 4] = 1;
    expect(parseCertificate(older)).toMatchObject({ detail: 'not version 3' });
    const oid = Uint8Array.of(0x06, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02);
    const inner = der.findIndex((_, at) => equalBytes(der.subarray(at, at + 10), oid));
    const other = der.slice();
    other[inner + 9] = 0x03;
    expect(parseCertificate(other)).toMatchObject({ detail: 'two signature algorithms' });
  });

  it('whatever is changed, without throwing', () => {
    fc.assert(
      fc.property(fc.nat(der.length - 1), fc.integer({ min: 1, max: 255 }), (at, mask) => {
        const changed = der.slice();
        changed[at] = (changed[at] as number) ^ mask;
        expect(typeof parseCertificate(changed).ok).toBe('boolean');
        expect(parseCertificate(der.subarray(0, at)).ok).toBe(false);
      }),
      { numRuns: 400 },
    );
  });
});
