/** A passkey's assertion (WebAuthn Level 3 §7.2) over a review statement: ES256 only, by node:crypto. */
import { createHash, createPublicKey, verify } from 'node:crypto';

const sha256 = (...parts: readonly (Buffer | string)[]) =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();

/** JSON as RFC 8785 prints it, for values without floats. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value as Record<string, unknown>)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(',')}}`;
}

/** The key of `a5 01 02 03 26 20 01 21 58 20 <x> 22 58 20 <y>`. */
function readKey(cose: Buffer) {
  const isEs256 =
    cose.length === 77 &&
    cose.subarray(0, 10).toString('hex') === 'a5010203262001215820' &&
    cose.subarray(42, 45).toString('hex') === '225820';
  if (!isEs256) throw new Error('not an ES256 key in its shortest form');
  const x = cose.subarray(10, 42).toString('base64url');
  const y = cose.subarray(45).toString('base64url');
  return createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' });
}

interface Review {
  statement: Record<string, unknown>;
  passkey: Record<string, string>;
}

/** Throws a sentence unless the authenticator of `added` signed this very statement, with its user verified. */
export function openAssertion({ statement, passkey }: Review, added: Record<string, string>): void {
  const bytes = (name: string) => Buffer.from(passkey[name] ?? '', 'base64url');
  if (added.credential_id !== passkey.credential_id) throw new Error('another credential');
  if (added.person !== statement.reviewer) throw new Error('somebody else’s passkey');
  const clientData = bytes('client_data_json');
  const client = JSON.parse(clientData.toString('utf8'));
  const challenge = sha256('countersign/review/v1\n', canonical(statement)).toString('base64url');
  if (client.type !== 'webauthn.get') throw new Error('no assertion');
  if (client.challenge !== challenge) throw new Error('the challenge is of another statement');
  if (client.origin !== passkey.origin) throw new Error('another origin');
  const data = bytes('authenticator_data');
  if (!data.subarray(0, 32).equals(sha256(added.rp_id ?? ''))) throw new Error('another relying party');
  if (((data[32] ?? 0) & 0x05) !== 0x05) throw new Error('the user was not present and verified');
  const signed = Buffer.concat([data, sha256(clientData)]);
  if (
    !verify('sha256', signed, readKey(Buffer.from(added.public_key ?? '', 'base64url')), bytes('signature'))
  )
    throw new Error('the signature fails');
}
