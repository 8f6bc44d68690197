import { concatBytes, decodeUtf8, utf8 } from '@/lib/core/bytes';
import { parseJson } from '@/lib/core/json';
import { decryptPayload, encryptPayload, payloadKeyId } from '../payloads/payload-cipher';

const NONCE_BYTES = 12;

/** No tenant has this name, so that no payload's ciphertext opens as a witness's secrets, nor the other way. */
const bindingOf = (witness: string) => ({
  tenant: '*',
  subject: 'witness-secrets',
  ref: witness,
  keyId: payloadKeyId(),
});

/** Secrets of a witness's settings, sealed under the console's payload key and bound to the witness's name. */
export function sealSecrets(witness: string, secrets: Record<string, string>): Uint8Array {
  const { nonce, ciphertext } = encryptPayload(utf8(JSON.stringify(secrets)), bindingOf(witness));
  return concatBytes(nonce, ciphertext);
}

/** Null when they were altered, moved, or sealed under another key. */
export function openSecrets(witness: string, sealed: Uint8Array): Record<string, string> | null {
  const nonce = sealed.slice(0, NONCE_BYTES);
  const bytes = decryptPayload(nonce, sealed.slice(NONCE_BYTES), bindingOf(witness));
  const text = bytes && decodeUtf8(bytes);
  const value = text?.ok ? parseJson(text.value) : null;
  return value?.ok ? (value.value as Record<string, string>) : null;
}
