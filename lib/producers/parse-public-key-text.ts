import { formatBase64url, parseBase64, parseBase64url, parseHex } from '@/lib/core/encoding';
import { err, ok, type Result } from '@/lib/core/result';

export type PublicKeyTextCode = 'private_key' | 'not_ed25519' | 'unreadable';

/** What to tell the person who gave it. */
export const PUBLIC_KEY_SENTENCES: Record<PublicKeyTextCode, string> = {
  private_key:
    'That is a private key. Keep it where it is, treat it as exposed, and give the public key of a new pair.',
  not_ed25519: 'That key is of another kind. Countersign accepts Ed25519 only.',
  unreadable: 'That is no public key: give a PEM block, a JWK, 64 hex digits, or 43 characters of base64url.',
};

/** SubjectPublicKeyInfo of Ed25519 up to the 32 key bytes (RFC 8410 §4). */
const SPKI_PREFIX = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

function parsePem(text: string): Result<string, PublicKeyTextCode> {
  const body = /-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\s]+)-----END PUBLIC KEY-----/.exec(text)?.[1];
  const der = body === undefined ? undefined : parseBase64(body.replace(/\s/g, ''));
  if (!der?.ok) return err('unreadable');
  const isEd25519 = der.value.length === 44 && SPKI_PREFIX.every((byte, index) => der.value[index] === byte);
  return isEd25519 ? ok(formatBase64url(der.value.slice(12))) : err('not_ed25519');
}

function parseJwk(text: string): Result<string, PublicKeyTextCode> {
  let jwk: Record<string, unknown>;
  try {
    jwk = JSON.parse(text) as Record<string, unknown>;
  } catch {
    return err('unreadable');
  }
  if ('d' in jwk) return err('private_key');
  if (jwk.kty !== 'OKP' || jwk.crv !== 'Ed25519') return err('not_ed25519');
  return typeof jwk.x === 'string' ? parseRaw(jwk.x) : err('unreadable');
}

function parseRaw(text: string): Result<string, PublicKeyTextCode> {
  const bytes = /^[0-9a-f]{64}$/i.test(text) ? parseHex(text.toLowerCase()) : parseBase64url(text);
  return bytes.ok && bytes.value.length === 32 ? ok(formatBase64url(bytes.value)) : err('unreadable');
}

/**
 * The 32 bytes of an Ed25519 public key in base64url, from what people have at hand: a PEM block (RFC 8410), a JWK
 * (RFC 8037), hex or base64url. A private key is recognised, so that it is refused with the right words and sent nowhere.
 */
export function parsePublicKeyText(text: string): Result<string, PublicKeyTextCode> {
  const trimmed = text.trim();
  if (/BEGIN [A-Z ]*PRIVATE KEY/.test(trimmed)) return err('private_key');
  if (trimmed.startsWith('-----')) return parsePem(trimmed);
  return trimmed.startsWith('{') ? parseJwk(trimmed) : parseRaw(trimmed);
}
