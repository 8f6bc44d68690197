import { randomUUID } from 'node:crypto';
import { concatBytes } from '@/lib/core/bytes';
import { formatDigest, sha3_512 } from '@/lib/core/hash';
import { nowMs as clockNowMs } from '../clock';
import type { Tx } from '../database/transaction';
import { newRandomBytes } from '../random';
import { encryptPayload, payloadKeyId } from './payload-cipher';

export interface NewPayload {
  tenant: string;
  /** The subject token (or agent) whose erasure must erase this. */
  subject: string;
  mediaType: string;
  bytes: Uint8Array;
  expiresAtMs: number;
  /** 32 bytes; default: random. */
  salt?: Uint8Array;
  /** Default: random. */
  ref?: string;
}

export interface StoredPayload {
  ref: string;
  /** Salted evidence digest, `sha3-512:hex` over salt ‖ bytes (formats.md §2). */
  digest: string;
  byteCount: number;
}

/** Encrypts and keeps a payload in the caller's transaction. Records may hold only the returned digest. */
export async function storePayload(
  tx: Tx,
  payload: NewPayload,
  { nowMs = clockNowMs() } = {},
): Promise<StoredPayload> {
  const ref = payload.ref ?? `payload/${randomUUID()}`;
  const salt = payload.salt ?? newRandomBytes(32);
  const digest = formatDigest('sha3-512', sha3_512(concatBytes(salt, payload.bytes)));
  const keyId = payloadKeyId();
  const { tenant, subject } = payload;
  const { nonce, ciphertext } = encryptPayload(payload.bytes, { tenant, subject, ref, keyId });
  await tx.query(
    `INSERT INTO payloads (ref, tenant, subject, media_type, byte_count, key_id, nonce, ciphertext, salt, digest, created_at, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [
      ref,
      tenant,
      subject,
      payload.mediaType,
      payload.bytes.length,
      keyId,
      nonce,
      ciphertext,
      salt,
      digest,
      new Date(nowMs),
      new Date(payload.expiresAtMs),
    ],
  );
  return { ref, digest, byteCount: payload.bytes.length };
}
