import { createCipheriv, createDecipheriv } from 'node:crypto';
import { concatBytes, u64be, utf8 } from '@/lib/core/bytes';
import { newRandomBytes } from '../random';

/** What a ciphertext is bound to: moved to another tenant, subject or field, or under another key, it does not open. */
export interface SealBinding {
  tenant: string;
  subject: string;
  field: string;
  keyId: string;
}

export interface Sealed {
  /** 12 random bytes. */
  nonce: Uint8Array;
  /** Ends in its 16-byte tag. */
  ciphertext: Uint8Array;
}

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** AES-256-GCM; associated data as formats.md §2 has it. */
export function seal(key: Uint8Array, bytes: Uint8Array, binding: SealBinding): Sealed {
  const nonce = newRandomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(associatedData(binding));
  const ciphertext = concatBytes(cipher.update(bytes), cipher.final(), cipher.getAuthTag());
  return { nonce, ciphertext };
}

/** The bytes, or null when they were altered, moved, or sealed under another key. */
export function unseal(
  key: Uint8Array,
  { nonce, ciphertext }: Sealed,
  binding: SealBinding,
): Uint8Array | null {
  if (ciphertext.length < TAG_BYTES || nonce.length !== NONCE_BYTES) return null;
  const decipher = createDecipheriv('aes-256-gcm', key, nonce);
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

/** tenant ‖ subject ‖ field ‖ key id, each with its length in front, so that no two bindings share bytes. */
function associatedData({ tenant, subject, field, keyId }: SealBinding): Uint8Array {
  const parts = [tenant, subject, field, keyId].map(utf8);
  return concatBytes(...parts.flatMap((part) => [u64be(part.length), part]));
}
