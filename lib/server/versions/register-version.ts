import { utf8 } from '@/lib/core/bytes';
import { formatInstant } from '@/lib/core/instant';
import { recomputeDigest } from '@/lib/core/recompute-digest';
import { plainText } from '@/lib/producers/plain-text';
import {
  MAX_VERSION_BYTES,
  type VersionReceipt,
  type VersionSubmission,
} from '@/lib/producers/version-request';
import { nowMs as clockNowMs } from '../clock';
import { getPool } from '../database/pool';
import { inTransaction, type Tx } from '../database/transaction';
import { ServiceError } from '../errors';
import type { ProducerCaller } from '../machine-auth/require-producer';
import { newId } from '../random';
import { journal } from '../records/journal';

/**
 * Keeps the content of a version under its digest, which is computed again here, and records who handed it over. The same
 * content under the same name and version is registered once.
 * @throws ServiceError `version_digest_mismatch`, `malformed_request`, `request_too_large`
 */
export async function registerVersion(
  caller: ProducerCaller,
  submission: VersionSubmission,
  { nowMs = clockNowMs() } = {},
): Promise<{ receipt: VersionReceipt; isNew: boolean }> {
  const { digest, content } = submission;
  if (!content.isWellFormed() || content.includes('\u0000'))
    throw new ServiceError('malformed_request', 'Field "content" holds U+0000 or half a character.');
  const bytes = utf8(content);
  if (bytes.length > MAX_VERSION_BYTES)
    throw new ServiceError('request_too_large', `At most ${MAX_VERSION_BYTES} bytes of content.`);
  if (recomputeDigest(digest, bytes) !== digest) throw new ServiceError('version_digest_mismatch');
  const known = await findRegistration(getPool(), caller.tenant, submission);
  if (known) return { receipt: known, isNew: false };
  try {
    return { receipt: await insert(caller, submission, bytes.length, nowMs), isNew: true };
  } catch (error) {
    // Asked twice at once: the other request has registered it.
    const other =
      (error as { code?: unknown }).code === '23505'
        ? await findRegistration(getPool(), caller.tenant, submission)
        : null;
    if (other) return { receipt: other, isNew: false };
    throw error;
  }
}

type Named = Pick<VersionSubmission, 'digest' | 'kind' | 'name' | 'version'>;

async function findRegistration(
  db: Pick<Tx, 'query'>,
  tenant: string,
  { digest, kind, name, version }: Named,
): Promise<VersionReceipt | null> {
  const found = await db.query<{
    byte_count: number;
    registered_at: Date;
    stream: string;
    position: number;
  }>(
    `SELECT byte_count, registered_at, stream, position FROM version_registrations
      WHERE tenant = $1 AND digest = $2 AND kind = $3 AND name = $4 AND version = $5`,
    [tenant, digest, kind, plainText(name), plainText(version)],
  );
  const [row] = found.rows;
  if (!row) return null;
  const { stream, position } = row;
  return {
    digest,
    byte_count: row.byte_count,
    registered_at: row.registered_at.toISOString(),
    record: { stream, position },
  };
}

async function insert(
  { tenant, producerId }: ProducerCaller,
  submission: VersionSubmission,
  byteCount: number,
  nowMs: number,
): Promise<VersionReceipt> {
  const { digest, kind, content, media_type: mediaType } = submission;
  const [name, version] = [plainText(submission.name), plainText(submission.version)];
  const at = new Date(nowMs);
  return inTransaction(async (tx) => {
    await tx.query(
      `INSERT INTO versions (tenant, digest, kind, name, version, content, first_seen_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
       ON CONFLICT (tenant, digest) DO UPDATE SET content = coalesce(versions.content, excluded.content)`,
      [tenant, digest, kind, name, version, content, at],
    );
    const { stream, position } = await journal(tx, {
      tenant,
      kind: 'version.registered',
      id: newId('rec', nowMs),
      body: {
        producer: producerId,
        version_kind: kind,
        name,
        version,
        digest,
        media_type: mediaType,
        byte_count: byteCount,
      },
      occurredAtMs: nowMs,
    });
    await tx.query(
      `INSERT INTO version_registrations (tenant, digest, kind, name, version, media_type, byte_count, producer, registered_at, stream, position)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
      [tenant, digest, kind, name, version, mediaType, byteCount, producerId, at, stream, position],
    );
    return {
      digest,
      byte_count: byteCount,
      registered_at: formatInstant(nowMs),
      record: { stream, position },
    };
  });
}
