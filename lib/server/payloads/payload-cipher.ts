import { concatBytes, utf8 } from '@/lib/core/bytes';
import { formatHex } from '@/lib/core/encoding';
import { sha256 } from '@/lib/core/hash';
import { getSecret } from '../keys/key-directory';
import { type Sealed, seal, unseal } from '../keys/seal';

/** What a ciphertext is bound to: moved to another tenant, subject or reference, it does not open. */
export interface PayloadBinding {
  tenant: string;
  subject: string;
  ref: string;
  keyId: string;
}

/**
 * Names the console's one payload key without telling it: the first 16 hex digits of a domain-separated SHA-256. Witnesses'
 * secrets lie under it, and payloads from before each subject had a key of its own (`rekeyPayloads` moves them).
 */
export function payloadKeyId(): string {
  return formatHex(
    sha256(concatBytes(utf8('countersign/payload-key/v1\n'), getSecret('payload.aes256'))),
  ).slice(0, 16);
}

/** Under the one payload key. */
export function encryptPayload(bytes: Uint8Array, binding: PayloadBinding): Sealed {
  return seal(getSecret('payload.aes256'), bytes, sealBindingOf(binding));
}

/** The payload, or null when it was altered, moved, or sealed under another key. */
export function decryptPayload(
  nonce: Uint8Array,
  ciphertext: Uint8Array,
  binding: PayloadBinding,
): Uint8Array | null {
  return unseal(getSecret('payload.aes256'), { nonce, ciphertext }, sealBindingOf(binding));
}

export function sealBindingOf({ ref, ...binding }: PayloadBinding) {
  return { ...binding, field: ref };
}
