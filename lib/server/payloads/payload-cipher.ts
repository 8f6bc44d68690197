import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { concatBytes, u64be, utf8 } from '@/lib/core/bytes';
import { formatHex } from '@/lib/core/encoding';
import { sha256 } from '@/lib/core/hash';
import { getSecret } from '../keys/key-directory';

/** What a ciphertext is bound to: moved to another tenant, subject or reference, it does not open. */
export interface PayloadBinding {
  tenant: string;
  subject: string;
  ref: string;
  keyId: string;
}

const TAG_BYTES = 16;

/** Names the payload key without telling it: the first 16 hex digits of a domain-separated SHA-256. */
export function payloadKeyId(): string {
  return formatHex(
    sha256(concatBytes(utf8('countersign/payload-key/v1\n'), getSecret('payload.aes256'))),
  ).slice(0, 16);
}

/** AES-256-GCM with a random 12-byte nonce; the ciphertext ends in its 16-byte tag. */
export function encryptPayload(
  bytes: Uint8Array,
  binding: PayloadBinding,
): { nonce: Uint8Array; ciphertext: Uint8Array } {
  const nonce = new Uint8Array(randomBytes(12));
  const cipher = createCipheriv('aes-256-gcm', getSecret('payload.aes256'), nonce);
  cipher.setAAD(associatedData(binding));
  const body = concatBytes(cipher.update(bytes), cipher.final(), cipher.getAuthTag());
  return { nonce, ciphertext: body };
}

/** The payload, or null when it was altered, moved, or sealed under another key. */
export function decryptPayload(
  nonce: Uint8Array,
  ciphertext: Uint8Array,
  binding: PayloadBinding,
): Uint8Array | null {
  if (ciphertext.length < TAG_BYTES || nonce.length !== 12) return null;
  const decipher = createDecipheriv('aes-256-gcm', getSecret('payload.aes256'), nonce);
  decipher.setAAD(associatedData(binding));
  decipher.setAuthTag(ciphertext.subarray(ciphertext.length - TAG_BYTES));
  try {
    return concatBytes(
      decipher.update(ciphertext.subarray(0, ciphertext.length - TAG_BYTES)),
      decipher.final(),
    );
  } catch {
    return null;
  }
}

/** tenant ‖ subject ‖ ref ‖ key id, each with its length in front, so that no two bindings share bytes. */
function associatedData({ tenant, subject, ref, keyId }: PayloadBinding): Uint8Array {
  const parts = [tenant, subject, ref, keyId].map(utf8);
  return concatBytes(...parts.flatMap((part) => [u64be(part.length), part]));
}
