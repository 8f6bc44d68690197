import { concatBytes } from '@/lib/core/bytes';
import { formatDigest, sha3_512 } from '@/lib/core/hash';
import type { Tx } from '../database/transaction';
import { decryptPayload } from './payload-cipher';

export interface ReadPayload {
  bytes: Uint8Array;
  mediaType: string;
  /** Salted digest, recomputed over what was decrypted. */
  digest: string;
}

interface PayloadRow {
  subject: string;
  media_type: string;
  key_id: string;
  nonce: Uint8Array;
  ciphertext: Uint8Array;
  salt: Uint8Array;
  digest: string;
}

/**
 * Decrypts a payload of this tenant. Null when it is gone (expired and removed, erased), belongs to somebody else, or
 * is no longer what was stored: content that cannot be had faithfully is not shown. The caller records the reading.
 */
export async function readPayload(tx: Tx, at: { tenant: string; ref: string }): Promise<ReadPayload | null> {
  const found = await tx.query<PayloadRow>(
    'SELECT subject, media_type, key_id, nonce, ciphertext, salt, digest FROM payloads WHERE tenant = $1 AND ref = $2',
    [at.tenant, at.ref],
  );
  const row = found.rows[0];
  if (!row) return null;
  const bytes = decryptPayload(new Uint8Array(row.nonce), new Uint8Array(row.ciphertext), {
    tenant: at.tenant,
    subject: row.subject,
    ref: at.ref,
    keyId: row.key_id,
  });
  if (!bytes) return null;
  const digest = formatDigest('sha3-512', sha3_512(concatBytes(new Uint8Array(row.salt), bytes)));
  return digest === row.digest ? { bytes, mediaType: row.media_type, digest } : null;
}
