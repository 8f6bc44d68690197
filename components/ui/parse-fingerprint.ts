const HEX = /^[0-9a-f]+$/i;
const BASE64URL = /^[A-Za-z0-9_-]+$/;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/**
 * The first four hex digits of a digest as numbers 0 to 15, or null when the text is no digest.
 * Accepts `alg:hex`, bare hex of an even length, and unpadded base64url (the form of an action digest: 43 characters,
 * an odd length, so the two cannot be confused).
 */
export function parseFingerprint(digest: string): [number, number, number, number] | null {
  const text = digest.slice(digest.indexOf(':') + 1);
  if (text.length < 8) return null;
  if (HEX.test(text) && text.length % 2 === 0) {
    return [digit(text, 0), digit(text, 1), digit(text, 2), digit(text, 3)];
  }
  if (digest.includes(':') || !BASE64URL.test(text) || text.length % 4 === 1) return null;
  const bits =
    (ALPHABET.indexOf(text.charAt(0)) << 12) |
    (ALPHABET.indexOf(text.charAt(1)) << 6) |
    ALPHABET.indexOf(text.charAt(2));
  return [(bits >> 14) & 15, (bits >> 10) & 15, (bits >> 6) & 15, (bits >> 2) & 15];
}

function digit(text: string, at: number): number {
  return Number.parseInt(text.charAt(at), 16);
}
