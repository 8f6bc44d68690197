import { decodeUtf8 } from '@/lib/core/bytes';
import { parseBase64url } from '@/lib/core/encoding';
import { isJsonObject, parseJson } from '@/lib/core/json';

/** The challenge inside a `clientDataJSON` (base64url) that nobody has verified yet; null when it has none. */
export function readChallenge(clientDataJson: string): Uint8Array | null {
  const bytes = parseBase64url(clientDataJson);
  const text = bytes.ok ? decodeUtf8(bytes.value) : bytes;
  const json = text.ok ? parseJson(text.value, { maxDepth: 8, maxBytes: 8_192 }) : text;
  const told = json.ok && isJsonObject(json.value) ? json.value.challenge : undefined;
  const challenge = typeof told === 'string' ? parseBase64url(told) : null;
  return challenge?.ok && challenge.value.length === 32 ? challenge.value : null;
}
