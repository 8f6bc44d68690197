import { concatBytes, utf8 } from '@/lib/core/bytes';
import { formatHex } from '@/lib/core/encoding';
import { hmacSha256, sha256 } from '@/lib/core/hash';
import type { IdentifierType } from '@/lib/vault/identifier-type';
import { getSecret } from '../keys/key-directory';

/** Names the index key without telling it. */
export function indexKeyId(): string {
  return formatHex(
    sha256(concatBytes(utf8('countersign/vault-index-id/v1\n'), getSecret('vault.index'))),
  ).slice(0, 16);
}

/**
 * HMAC-SHA-256 of a normalised identifier, by which the vault finds it without holding it in clear. Each tenant has a key of
 * its own (HMAC of its name under the vault's index key), so that two tenants' indexes of one identifier have nothing in common.
 *
 *   key   = HMAC(vault.index, "countersign/vault-index/v1\n" ‖ tenant)
 *   index = HMAC(key, type ‖ "\n" ‖ normalised identifier)
 */
export function blindIndex(tenant: string, type: IdentifierType, normalised: string): Uint8Array {
  const key = hmacSha256(getSecret('vault.index'), utf8(`countersign/vault-index/v1\n${tenant}`));
  return hmacSha256(key, utf8(`${type}\n${normalised}`));
}
