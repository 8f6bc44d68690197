/**
 * X.509 v3 certificates for the test servers, written here from RFC 5280 alone: ECDSA keys, SHA-256, a common name, basic
 * constraints, and names for a connection to this machine.
 */
import { createPublicKey, type KeyObject, randomBytes, sign } from 'node:crypto';

export interface CertificateRequest {
  subject: string;
  issuer: string;
  /** Whose certificate it is: a private key, or the public one. */
  key: KeyObject;
  issuerKey: KeyObject;
  isAuthority: boolean;
}

const ECDSA_WITH_SHA256 = sequence(oid('2a8648ce3d040302'));
const DAY_MS = 86_400_000;

/** DER, valid from yesterday for 30 days. */
export function makeCertificate({
  subject,
  issuer,
  key,
  issuerKey,
  isAuthority,
}: CertificateRequest): Buffer {
  const serial = randomBytes(12);
  serial[0] = 0x01;
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  const body = sequence(
    tlv(0xa0, tlv(0x02, Buffer.of(2))),
    tlv(0x02, serial),
    ECDSA_WITH_SHA256,
    commonName(issuer),
    sequence(utcTime(Date.now() - DAY_MS), utcTime(Date.now() + 29 * DAY_MS)),
    commonName(subject),
    publicKey.export({ format: 'der', type: 'spki' }),
    tlv(0xa3, sequence(basicConstraints(isAuthority), ...(isAuthority ? [] : [thisMachine()]))),
  );
  const signature = sign('sha256', body, issuerKey);
  return sequence(body, ECDSA_WITH_SHA256, tlv(0x03, Buffer.concat([Buffer.of(0), signature])));
}

export function pemOf(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

function basicConstraints(isAuthority: boolean): Buffer {
  const value = sequence(...(isAuthority ? [tlv(0x01, Buffer.of(0xff))] : []));
  return sequence(oid('551d13'), tlv(0x01, Buffer.of(0xff)), tlv(0x04, value));
}

/** subjectAltName: localhost and 127.0.0.1. */
function thisMachine(): Buffer {
  const names = sequence(tlv(0x82, Buffer.from('localhost')), tlv(0x87, Buffer.of(127, 0, 0, 1)));
  return sequence(oid('551d11'), tlv(0x04, names));
}

function commonName(name: string): Buffer {
  return sequence(tlv(0x31, sequence(oid('550403'), tlv(0x0c, Buffer.from(name)))));
}

function utcTime(ms: number): Buffer {
  const digits = new Date(ms).toISOString().replace(/[^0-9]/g, '');
  return tlv(0x17, Buffer.from(`${digits.slice(2, 14)}Z`));
}

function oid(hex: string): Buffer {
  return tlv(0x06, Buffer.from(hex, 'hex'));
}

function sequence(...parts: Buffer[]): Buffer {
  return tlv(0x30, Buffer.concat(parts));
}

function tlv(tag: number, value: Buffer): Buffer {
  const { length } = value;
  const header = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...header), value]);
}
