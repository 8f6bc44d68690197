import { getConfig } from '../config';
import { readKeyEncryptionKey } from '../keys/key-encryption-file';
import { seal, unseal } from '../keys/seal';
import type { KeyContext, KeyEncryption } from './key-encryption';

const NONCE_BYTES = 12;

/** A key-encryption key of the key directory: wrapped is nonce ‖ AES-256-GCM ciphertext. */
export function openFileKeyEncryption(keyId: string): KeyEncryption {
  const key = readKeyEncryptionKey(getConfig().dataDirectory, keyId);
  const bindingOf = ({ tenant, subject, dataKeyId }: KeyContext) => ({
    tenant,
    subject,
    field: `data-key/${dataKeyId}`,
    keyId,
  });
  return {
    keyId,
    wrap: async (dataKey, context) => {
      const { nonce, ciphertext } = seal(key, dataKey, bindingOf(context));
      return new Uint8Array(Buffer.concat([nonce, ciphertext]));
    },
    unwrap: async (wrapped, context) =>
      unseal(
        key,
        { nonce: wrapped.slice(0, NONCE_BYTES), ciphertext: wrapped.slice(NONCE_BYTES) },
        bindingOf(context),
      ),
  };
}
