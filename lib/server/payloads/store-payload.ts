import { randomUUID } from 'node:crypto';
import { concatBytes } from '@/lib/core/bytes';
import { formatDigest, sha3_512 } from '@/lib/core/hash';
import { expiryOf, type PayloadKind } from '@/lib/retention/schedule';
import { nowMs as clockNowMs } from '../clock';
import { together } from '../database/side-by-side';
import type { Tx } from '../database/transaction';
import { seal } from '../keys/seal';
import { newRandomBytes } from '../random';
import { findSchedule } from '../retention/find-schedule';
import { erased, requireSubjectKeys, shareSubjects } from '../vault/subject-keys';
import { payloadKeyOf } from './payload-key';

export interface NewPayload {
  tenant: string;
  /** What it is; decides how long it is kept. */
  kind: PayloadKind;
  /** Subject tokens (or an agent, or a person who works here) each of whose erasure must erase this: at least one. */
  subjects: readonly string[];
  /** The agent it comes from, where that is known: a hold may name it. */
  agent?: string;
  mediaType: string;
  bytes: Uint8Array;
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
  expiresAtMs: number;
}

/** A payload whose digest may be stated; nothing of it is kept until `store`. */
export interface SealedPayload extends StoredPayload {
  /** Call it before `journal`. @throws ServiceError `subject_erased` */
  store(): Promise<void>;
}

/**
 * Encrypts a payload under the data keys of its subjects and keeps it in the caller's transaction, for as long as the
 * tenant's schedule says. Records may hold only the returned digest. Call it before `journal`.
 * @throws ServiceError `subject_erased`
 */
export async function storePayload(
  tx: Tx,
  payload: NewPayload,
  { nowMs = clockNowMs() } = {},
): Promise<StoredPayload> {
  const { store, ...stored } = await sealPayload(tx, payload, { nowMs });
  await store();
  return stored;
}

/**
 * The first half of `storePayload`, for whoever has other things to read meanwhile: encrypts, and keeps the subjects from
 * being erased until the caller's transaction ends.
 * @throws ServiceError `subject_erased`
 */
export async function sealPayload(
  tx: Tx,
  payload: NewPayload,
  { nowMs }: { nowMs: number },
): Promise<SealedPayload> {
  const { tenant, kind } = payload;
  const ref = payload.ref ?? `payload/${randomUUID()}`;
  const salt = payload.salt ?? newRandomBytes(32);
  const digest = formatDigest('sha3-512', sha3_512(concatBytes(salt, payload.bytes)));
  const subjects = [...new Set(payload.subjects)];
  const [subject] = subjects;
  if (subject === undefined) throw new Error('storePayload: nobody whose erasure would erase it');
  const [{ version, schedule }, keys] = await together([
    findSchedule(tx, tenant),
    requireSubjectKeys(tenant, subjects),
  ]);
  const expiresAtMs = expiryOf(schedule, kind, nowMs);
  const { id: keyId, key } = payloadKeyOf(keys);
  const { nonce, ciphertext } = seal(key, payload.bytes, { tenant, subject, field: ref, keyId });
  await shareSubjects(tx, tenant, subjects);
  const insert = () =>
    tx.query(
      `INSERT INTO payloads (ref, tenant, kind, subject, subjects, agent, schedule, media_type, byte_count, key_id, nonce,
       ciphertext, salt, digest, created_at, expires_at)
     SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16
      WHERE NOT EXISTS (SELECT 1 FROM erasures WHERE tenant = $2 AND token = ANY($5))`,
      [
        ref,
        tenant,
        kind,
        subject,
        subjects,
        payload.agent ?? null,
        version,
        payload.mediaType,
        payload.bytes.length,
        keyId,
        nonce,
        ciphertext,
        salt,
        digest,
        new Date(nowMs),
        new Date(expiresAtMs),
      ],
    );
  const store = async () => {
    const [, stored] = await together([ensurePartition(tx, expiresAtMs), insert()]);
    if (stored.rowCount === 0) throw erased();
  };
  return { ref, digest, byteCount: payload.bytes.length, expiresAtMs, store };
}

/** Makes the month's partition where there is none. The scheduler has usually made it before, so that this locks nothing. */
async function ensurePartition(tx: Tx, expiresAtMs: number): Promise<void> {
  await tx.query({
    name: 'ensure-payload-partition',
    text: 'SELECT ensure_payload_partition($1)',
    values: [new Date(expiresAtMs)],
  });
}
