import { concatBytes } from '@/lib/core/bytes';
import { formatDigest, sha3_512 } from '@/lib/core/hash';
import type { Tx } from '../database/transaction';
import { unseal } from '../keys/seal';
import { findSubjectKeys } from '../vault/subject-keys';
import { decryptPayload, payloadKeyId } from './payload-cipher';
import { payloadKeyOf } from './payload-key';

export interface ReadPayload {
  bytes: Uint8Array;
  mediaType: string;
  /** Salted digest, recomputed over what was decrypted. */
  digest: string;
  /** 32 bytes. */
  salt: Uint8Array;
}

interface PayloadRow {
  subject: string;
  subjects: string[];
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
    'SELECT subject, subjects, media_type, key_id, nonce, ciphertext, salt, digest FROM payloads WHERE tenant = $1 AND ref = $2',
    [at.tenant, at.ref],
  );
  const row = found.rows[0];
  const bytes = row && (await openRow(at, row));
  if (!row || !bytes) return null;
  const salt = new Uint8Array(row.salt);
  const digest = formatDigest('sha3-512', sha3_512(concatBytes(salt, bytes)));
  return digest === row.digest ? { bytes, mediaType: row.media_type, digest, salt } : null;
}

async function openRow(
  { tenant, ref }: { tenant: string; ref: string },
  row: PayloadRow,
): Promise<Uint8Array | null> {
  const { subject, key_id: keyId } = row;
  const sealed = { nonce: new Uint8Array(row.nonce), ciphertext: new Uint8Array(row.ciphertext) };
  if (keyId === payloadKeyId())
    return decryptPayload(sealed.nonce, sealed.ciphertext, { tenant, subject, ref, keyId });
  const keys = await findSubjectKeys(tenant, row.subjects);
  if (keys.length !== new Set(row.subjects).size) return null;
  const { id, key } = payloadKeyOf(keys);
  return id === keyId ? unseal(key, sealed, { tenant, subject, field: ref, keyId }) : null;
}
