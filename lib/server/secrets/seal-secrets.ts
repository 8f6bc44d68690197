import { concatBytes, decodeUtf8, utf8 } from '@/lib/core/bytes';
import { parseJson } from '@/lib/core/json';
import { decryptPayload, encryptPayload, payloadKeyId } from '../payloads/payload-cipher';

const NONCE_BYTES = 12;

/** Whose secrets they are; one owner's ciphertext does not open as another's. */
export interface SecretOwner {
  scope: 'witness-secrets' | 'channel-secrets';
  /** `*` for what belongs to all of them: no tenant has this name, so no payload's ciphertext opens as secrets. */
  tenant: string;
  name: string;
}

const bindingOf = ({ scope, tenant, name }: SecretOwner) => ({
  tenant: tenant === '*' ? '*' : `*${tenant}`,
  subject: scope,
  ref: name,
  keyId: payloadKeyId(),
});

/** Secrets of somebody's settings, sealed under the console's payload key and bound to their owner. */
export function sealSecrets(owner: SecretOwner, secrets: Record<string, string>): Uint8Array {
  const { nonce, ciphertext } = encryptPayload(utf8(JSON.stringify(secrets)), bindingOf(owner));
  return concatBytes(nonce, ciphertext);
}

/** Null when they were altered, moved, or sealed under another key. */
export function openSecrets(owner: SecretOwner, sealed: Uint8Array): Record<string, string> | null {
  const nonce = sealed.slice(0, NONCE_BYTES);
  const bytes = decryptPayload(nonce, sealed.slice(NONCE_BYTES), bindingOf(owner));
  const text = bytes && decodeUtf8(bytes);
  const value = text?.ok ? parseJson(text.value) : null;
  return value?.ok ? (value.value as Record<string, string>) : null;
}
