import { utf8 } from '@/lib/core/bytes';
import type { Tx } from '../database/transaction';
import { REASON_KEPT_MS } from '../payloads/payload-days';
import { type StoredPayload, storePayload } from '../payloads/store-payload';
import type { Reviewer } from './reviewer';

/**
 * Keeps the words of a reason as an erasable payload; records have its salted digest only.
 * @param given.salt 32 bytes, where the digest was stated before; else random
 */
export async function storeReason(
  tx: Tx,
  viewer: Reviewer,
  text: string,
  { salt, nowMs }: { salt?: Uint8Array; nowMs: number },
): Promise<StoredPayload> {
  return storePayload(
    tx,
    {
      tenant: viewer.tenant.id,
      subject: viewer.person.id,
      mediaType: 'text/plain',
      bytes: utf8(text),
      expiresAtMs: nowMs + REASON_KEPT_MS,
      ...(salt ? { salt } : {}),
    },
    { nowMs },
  );
}
