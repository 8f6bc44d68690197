import { concatBytes, utf8 } from '@/lib/core/bytes';
import { formatHex, parseBase64 } from '@/lib/core/encoding';
import { formatDigest, sha3_512, sha256 } from '@/lib/core/hash';
import { formatInstant } from '@/lib/core/instant';
import {
  MAX_PAYLOAD_BYTES,
  type PayloadReceipt,
  type PayloadSubmission,
} from '@/lib/producers/payload-request';
import { nowMs as clockNowMs } from '../clock';
import { inTransaction, type Tx } from '../database/transaction';
import { ServiceError } from '../errors';
import type { ProducerCaller } from '../machine-auth/require-producer';
import { storePayload } from './store-payload';

/**
 * Keeps what a producer's record digests. Nobody can read it until a signed record names it, and that record is what tells
 * of it. The same content under the same salt is kept once, so that a lost answer may be asked for again.
 * @throws ServiceError `malformed_request`, `request_too_large`, `subject_erased`
 */
export async function receivePayload(
  caller: ProducerCaller,
  submission: PayloadSubmission,
  { nowMs = clockNowMs() } = {},
): Promise<{ receipt: PayloadReceipt; isNew: boolean }> {
  const content = parseBase64(submission.content);
  const salt = parseBase64(submission.salt);
  if (!content.ok || !salt.ok || salt.value.length !== 32)
    throw new ServiceError('malformed_request', 'Field "salt" or "content" is not base64 as it is printed.');
  const bytes = content.value;
  if (bytes.length > MAX_PAYLOAD_BYTES)
    throw new ServiceError('request_too_large', `At most ${MAX_PAYLOAD_BYTES} bytes of content.`);
  const digest = formatDigest('sha3-512', sha3_512(concatBytes(salt.value, bytes)));
  const ref = refOf(caller, digest);
  const { tenant } = caller;
  const { subject, media_type: mediaType } = submission;
  return inTransaction(async (tx) => {
    // A table in parts by expiry cannot hold a reference unique by itself: whoever asks at the same time waits here.
    await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`countersign/${tenant}/${ref}`]);
    const kept = await findKept(tx, tenant, ref);
    if (kept) return { receipt: kept, isNew: false };
    const { expiresAtMs } = await storePayload(
      tx,
      {
        tenant,
        kind: 'producer_payload',
        subjects: [subject],
        mediaType,
        bytes,
        salt: salt.value,
        ref,
      },
      { nowMs },
    );
    const expires_at = formatInstant(expiresAtMs);
    return { receipt: { ref, digest, byte_count: bytes.length, expires_at }, isNew: true };
  });
}

/** One name for each producer's content: it cannot be guessed without the salt, and tells nothing of the content. */
function refOf({ tenant, producerId }: ProducerCaller, digest: string): string {
  const name = sha256(utf8(`countersign/payload-ref/v1\n${tenant}\n${producerId}\n${digest}`));
  return `payload/${formatHex(name).slice(0, 32)}`;
}

async function findKept(tx: Tx, tenant: string, ref: string): Promise<PayloadReceipt | null> {
  const found = await tx.query<{ digest: string; byte_count: number; expires_at: Date }>(
    'SELECT digest, byte_count, expires_at FROM payloads WHERE tenant = $1 AND ref = $2',
    [tenant, ref],
  );
  const [row] = found.rows;
  return row
    ? { ref, digest: row.digest, byte_count: row.byte_count, expires_at: row.expires_at.toISOString() }
    : null;
}
