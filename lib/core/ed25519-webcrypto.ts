import { createBoundedCache } from '@/lib/core/bounded-cache';
import { isAdmissible } from '@/lib/core/ed25519-policy';

const keys = createBoundedCache<Promise<CryptoKey>>(512);

/**
 * Verification by the host's WebCrypto under the strict policy; `undefined` when the host has no Ed25519
 * (then ask the portable one). A key that is no point of the curve verifies nothing.
 */
export async function webCryptoVerify(
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): Promise<boolean | undefined> {
  if (!isAdmissible(publicKey, signature)) return false;
  const subtle = globalThis.crypto?.subtle;
  if (!subtle) return undefined;
  try {
    const key = keys.get(publicKey, () =>
      subtle.importKey('raw', publicKey as BufferSource, { name: 'Ed25519' }, false, ['verify']),
    );
    if (!key) return undefined;
    return await subtle.verify(
      { name: 'Ed25519' },
      await key,
      signature as BufferSource,
      message as BufferSource,
    );
  } catch (error) {
    const unsupported = error instanceof Error && error.name === 'NotSupportedError';
    return unsupported ? undefined : false;
  }
}
