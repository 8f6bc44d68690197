import { randomBytes } from 'node:crypto';
import { BitString, Integer, OctetString, Utf8String } from 'asn1js';
import {
  AttributeTypeAndValue,
  AuthorityKeyIdentifier,
  BasicConstraints,
  Certificate,
  Extension,
  ExtKeyUsage,
  RelativeDistinguishedNames,
  Time,
} from 'pkijs';

export interface CertificateAuthority {
  readonly certificate: Certificate;
  readonly privateKey: CryptoKey;
}

export interface CertificateWish {
  readonly commonName: string;
  readonly publicKey: CryptoKey;
  /** Signs; the key itself for a root. */
  readonly issuer: CertificateAuthority | { readonly selfSignedWith: CryptoKey };
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  /** Extensions beside the two key identifiers. */
  readonly extensions: readonly Extension[];
}

export function generateP256(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
}

/** An X.509 v3 certificate, signed with ECDSA and SHA-256, with a random serial number of 16 bytes. */
export async function issueCertificate(wish: CertificateWish): Promise<Certificate> {
  const { issuer } = wish;
  const certificate = new Certificate();
  certificate.version = 2;
  certificate.serialNumber = new Integer({ valueHex: Uint8Array.of(1, ...randomBytes(15)) });
  certificate.subject = nameOf(wish.commonName);
  certificate.issuer = 'certificate' in issuer ? issuer.certificate.subject : certificate.subject;
  certificate.notBefore = new Time({ type: 0, value: wholeSecond(wish.notBeforeMs) });
  certificate.notAfter = new Time({ type: 0, value: wholeSecond(wish.notAfterMs) });
  await certificate.subjectPublicKeyInfo.importKey(wish.publicKey);
  const keyId = await certificate.getKeyHash();
  const issuerKeyId = 'certificate' in issuer ? await issuer.certificate.getKeyHash() : keyId;
  certificate.extensions = [
    ...wish.extensions,
    extension('2.5.29.14', false, new OctetString({ valueHex: keyId })),
    extension(
      '2.5.29.35',
      false,
      new AuthorityKeyIdentifier({ keyIdentifier: new OctetString({ valueHex: issuerKeyId }) }).toSchema(),
    ),
  ];
  const signWith = 'certificate' in issuer ? issuer.privateKey : issuer.selfSignedWith;
  await certificate.sign(signWith, 'SHA-256');
  return certificate;
}

export function certificateDer(certificate: Certificate): Uint8Array {
  return new Uint8Array(certificate.toSchema().toBER());
}

/** Critical: authority or not (RFC 5280 §4.2.1.9). */
export function basicConstraints(cA: boolean, pathLenConstraint?: number): Extension {
  const value = new BasicConstraints({
    cA,
    ...(pathLenConstraint === undefined ? {} : { pathLenConstraint }),
  });
  return extension('2.5.29.19', true, value.toSchema());
}

/** Critical: the key signs data, or certificates and revocation lists (RFC 5280 §4.2.1.3). */
export function keyUsage(purpose: 'data' | 'certificates'): Extension {
  const [bits, unusedBits] = purpose === 'data' ? [0x80, 7] : [0x06, 1];
  return extension('2.5.29.15', true, new BitString({ valueHex: Uint8Array.of(bits), unusedBits }));
}

/** OIDs of what the key is for (RFC 5280 §4.2.1.12). */
export function extendedKeyUsage(keyPurposes: string[], critical: boolean): Extension {
  return extension('2.5.29.37', critical, new ExtKeyUsage({ keyPurposes }).toSchema());
}

export function extension(extnID: string, critical: boolean, value: { toBER(): ArrayBuffer }): Extension {
  return new Extension({ extnID, critical, extnValue: value.toBER() });
}

function nameOf(commonName: string): RelativeDistinguishedNames {
  const value = new Utf8String({ value: commonName });
  return new RelativeDistinguishedNames({
    typesAndValues: [new AttributeTypeAndValue({ type: '2.5.4.3', value })],
  });
}

/** UTCTime has whole seconds. */
function wholeSecond(ms: number): Date {
  return new Date(Math.floor(ms / 1000) * 1000);
}
