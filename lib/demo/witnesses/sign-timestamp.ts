import { createHash } from 'node:crypto';
import {
  Boolean as Asn1Boolean,
  type AsnType,
  BitString,
  Integer,
  Null,
  ObjectIdentifier,
  OctetString,
  Primitive,
  Sequence,
  Utf8String,
} from 'asn1js';
import {
  Accuracy,
  Attribute,
  ContentInfo,
  EncapsulatedContentInfo,
  IssuerAndSerialNumber,
  SignedAndUnsignedAttributes,
  SignedData,
  SignerInfo,
} from 'pkijs';
import { FAILURE_BITS, type FailureName } from '@/lib/integrity/witness/rfc3161/pki-status';
import type { TimestampRequest } from '@/lib/integrity/witness/rfc3161/timestamp-request';
import { certificateDer } from './issue-certificate';
import type { TimestampIdentity } from './timestamp-identity';
import type { TimestampState } from './timestamp-state';

/** The policy of OpenSSL's sample configuration: an identifier that promises nothing. */
export const DEMO_POLICY = '1.2.3.4.1';
const OID_TST_INFO = '1.2.840.113549.1.9.16.1.4';
const OID_HASHES: Readonly<Record<string, string>> = {
  'sha-256': '2.16.840.1.101.3.4.2.1',
  'sha-384': '2.16.840.1.101.3.4.2.2',
  'sha-512': '2.16.840.1.101.3.4.2.3',
};

/** DER of `TimeStampResp` with status granted and a token over the request. */
export async function signTimestamp(
  request: TimestampRequest,
  { serial, genTimeMs }: TimestampState,
  identity: TimestampIdentity,
): Promise<Uint8Array> {
  const content = tstInfo(request, serial, genTimeMs);
  const certificate = certificateDer(identity.certificate);
  const encapContentInfo = new EncapsulatedContentInfo({ eContentType: OID_TST_INFO });
  // Set afterwards: the constructor would cut the OCTET STRING into BER pieces.
  encapContentInfo.eContent = new OctetString({ valueHex: content });
  const signer = new SignerInfo({
    version: 1,
    sid: new IssuerAndSerialNumber({
      issuer: identity.certificate.issuer,
      serialNumber: identity.certificate.serialNumber,
    }),
    signedAttrs: new SignedAndUnsignedAttributes({ type: 0, attributes: attributes(content, certificate) }),
  });
  const signed = new SignedData({
    encapContentInfo,
    signerInfos: [signer],
    ...(request.wantsCertificate ? { certificates: [identity.certificate] } : {}),
  });
  await signed.sign(identity.privateKey, 0, 'SHA-256');
  const token = new ContentInfo({ contentType: '1.2.840.113549.1.7.2', content: signed.toSchema(true) });
  return der(
    new Sequence({ value: [new Sequence({ value: [new Integer({ value: 0 })] }), token.toSchema()] }),
  );
}

/** DER of `TimeStampResp` that refuses, with the reason as bit and in words (RFC 3161 §2.4.2). */
export function refuseTimestamp(failure: FailureName, words: string): Uint8Array {
  const bit = FAILURE_BITS[failure];
  const bits = new Uint8Array((bit >> 3) + 1);
  bits[bit >> 3] = 0x80 >> (bit & 7);
  const status = new Sequence({
    value: [
      new Integer({ value: 2 }),
      new Sequence({ value: [new Utf8String({ value: words })] }),
      new BitString({ valueHex: bits, unusedBits: 7 - (bit & 7) }),
    ],
  });
  return der(new Sequence({ value: [status] }));
}

/** TSTInfo (RFC 3161 §2.4.2): accurate to a second, ordered by its times. */
function tstInfo({ hash, digest, nonce }: TimestampRequest, serial: number, genTimeMs: number): Uint8Array {
  const hashAlgorithm = new Sequence({
    value: [new ObjectIdentifier({ value: OID_HASHES[hash] as string }), new Null()],
  });
  return der(
    new Sequence({
      value: [
        new Integer({ value: 1 }),
        new ObjectIdentifier({ value: DEMO_POLICY }),
        new Sequence({ value: [hashAlgorithm, new OctetString({ valueHex: digest })] }),
        new Integer({ value: serial }),
        generalizedTime(genTimeMs),
        new Accuracy({ seconds: 1 }).toSchema(),
        new Asn1Boolean({ value: true }),
        ...(nonce ? [new Integer({ valueHex: nonce })] : []),
      ],
    }),
  );
}

/** The signed attributes in the order of a DER SET: by their encodings. */
function attributes(content: Uint8Array, certificate: Uint8Array): Attribute[] {
  const sha256 = (bytes: Uint8Array): Uint8Array =>
    new Uint8Array(createHash('sha256').update(bytes).digest());
  const reference = new Sequence({ value: [new OctetString({ valueHex: sha256(certificate) })] });
  const values: [string, AsnType][] = [
    ['1.2.840.113549.1.9.3', new ObjectIdentifier({ value: OID_TST_INFO })],
    ['1.2.840.113549.1.9.4', new OctetString({ valueHex: sha256(content) })],
    ['1.2.840.113549.1.9.16.2.47', new Sequence({ value: [new Sequence({ value: [reference] })] })],
  ];
  return values
    .map(([type, value]) => new Attribute({ type, values: [value] }))
    .sort((a, b) => Buffer.compare(der(a.toSchema()), der(b.toSchema())));
}

/** `YYYYMMDDhhmmss[.fff]Z` without trailing zeros (RFC 3161 §2.4.2); asn1js always writes three digits. */
function generalizedTime(ms: number): Primitive {
  const [whole = '', fraction = ''] = new Date(ms)
    .toISOString()
    .replace(/[-T:Z]/g, '')
    .split('.');
  const digits = fraction.replace(/0+$/, '');
  const valueHex = new TextEncoder().encode(`${whole}${digits === '' ? '' : `.${digits}`}Z`);
  return new Primitive({ idBlock: { tagClass: 1, tagNumber: 24 }, valueHex });
}

function der(value: { toBER(): ArrayBuffer }): Uint8Array {
  return new Uint8Array(value.toBER());
}
