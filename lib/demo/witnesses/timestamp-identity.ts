import { createPrivateKey } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Certificate } from 'pkijs';
import {
  basicConstraints,
  certificateDer,
  extendedKeyUsage,
  generateP256,
  issueCertificate,
  keyUsage,
} from './issue-certificate';

/** What every certificate of it says, so that nobody takes its time for more than it is. */
export const DEMO_AUTHORITY_NAME = 'Countersign demo time-stamping authority — not a legal time source';

export interface TimestampIdentity {
  readonly certificate: Certificate;
  readonly privateKey: CryptoKey;
  /** PEM of the root that signed it. The root's key was thrown away after that one signature. */
  readonly rootPem: string;
}

const YEAR_MS = 365 * 86_400_000;
const VALID_YEARS = 10;
const ROOT_FILE = 'root.pem';
const CERTIFICATE_FILE = 'authority.pem';
const KEY_FILE = 'authority.key';

/** Key and certificates in `directory`, made there the first time. The root's file comes last: with it all are there. */
export async function loadTimestampIdentity(directory: string, nowMs: number): Promise<TimestampIdentity> {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  if (!existsSync(join(directory, ROOT_FILE))) await createIdentity(directory, nowMs);
  const read = (file: string): string => readFileSync(join(directory, file), 'utf8');
  const pkcs8 = createPrivateKey(read(KEY_FILE)).export({ format: 'der', type: 'pkcs8' });
  return {
    certificate: Certificate.fromBER(fromPem(read(CERTIFICATE_FILE))),
    privateKey: await crypto.subtle.importKey('pkcs8', pkcs8, { name: 'ECDSA', namedCurve: 'P-256' }, false, [
      'sign',
    ]),
    rootPem: read(ROOT_FILE),
  };
}

async function createIdentity(directory: string, nowMs: number): Promise<void> {
  const validity = { notBeforeMs: nowMs - 60_000, notAfterMs: nowMs + VALID_YEARS * YEAR_MS };
  const rootKeys = await generateP256();
  const root = await issueCertificate({
    commonName: `${DEMO_AUTHORITY_NAME} (root)`,
    publicKey: rootKeys.publicKey,
    issuer: { selfSignedWith: rootKeys.privateKey },
    ...validity,
    extensions: [basicConstraints(true, 0), keyUsage('certificates')],
  });
  const keys = await generateP256();
  const certificate = await issueCertificate({
    commonName: DEMO_AUTHORITY_NAME,
    publicKey: keys.publicKey,
    issuer: { certificate: root, privateKey: rootKeys.privateKey },
    ...validity,
    extensions: [basicConstraints(false), keyUsage('data'), extendedKeyUsage(['1.3.6.1.5.5.7.3.8'], true)],
  });
  const pkcs8 = new Uint8Array(await crypto.subtle.exportKey('pkcs8', keys.privateKey));
  place(join(directory, KEY_FILE), toPem('PRIVATE KEY', pkcs8), 0o600);
  place(join(directory, CERTIFICATE_FILE), toPem('CERTIFICATE', certificateDer(certificate)), 0o644);
  place(join(directory, ROOT_FILE), toPem('CERTIFICATE', certificateDer(root)), 0o644);
}

function place(path: string, text: string, mode: number): void {
  writeFileSync(`${path}.new`, text, { mode });
  renameSync(`${path}.new`, path);
}

/** RFC 7468. */
export function toPem(label: string, der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}

export function fromPem(pem: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(pem.replace(/-----[A-Z ]+-----/g, ''), 'base64'));
}
