/** Approval tokens: compact JWS (RFC 7515) by an Ed25519 key of a JWKS (RFC 7517, RFC 8037), named by RFC 7638. */
import { createHash } from 'node:crypto';
import { verifyEd25519 } from './signed-note';

interface Jwk {
  kty: string;
  crv: string;
  x: string;
  kid: string;
}

/** The claims, when a key of the set signed them; throws a sentence otherwise. */
export function openToken(token: string, jwks: { keys: readonly Jwk[] }): Record<string, unknown> {
  const [head = '', body = '', signature = ''] = token.split('.');
  const header = JSON.parse(Buffer.from(head, 'base64url').toString('utf8'));
  if (header.alg !== 'Ed25519' || header.typ !== 'approval+jwt') throw new Error('not an approval token');
  const key = jwks.keys.find(({ kid }) => kid === header.kid);
  if (!key) throw new Error('signed by an unknown key');
  const members = `{"crv":"${key.crv}","kty":"${key.kty}","x":"${key.x}"}`;
  const thumbprint = createHash('sha256').update(members).digest('base64url');
  if (thumbprint !== key.kid) throw new Error('the kid is not the thumbprint of the key');
  const signed = Buffer.from(`${head}.${body}`);
  if (!verifyEd25519(Buffer.from(key.x, 'base64url'), signed, Buffer.from(signature, 'base64url')))
    throw new Error('the signature fails');
  return JSON.parse(Buffer.from(body, 'base64url').toString('utf8'));
}
