/** An audit log as AWS writes it, signed by a key made here. Tests only. */
import { createSign, type KeyObject } from 'node:crypto';
import { utf8 } from '@/lib/core/bytes';
import { formatBase64, formatHex } from '@/lib/core/encoding';
import { sha256 } from '@/lib/core/hash';
import { digestSigningText } from '../cloudtrail';
import type { CloudTrailEvidence, WormStatement } from '../worm-statement';

/** The line that S3 writes of the upload that a statement speaks of, changed by `change`. */
export function putEventOf(
  statement: WormStatement,
  change: Record<string, unknown> = {},
): Record<string, unknown> {
  return {
    eventVersion: '1.11',
    eventTime: '2026-11-20T08:36:00Z',
    eventSource: 's3.amazonaws.com',
    eventName: 'PutObject',
    requestParameters: {
      bucketName: statement.bucket,
      key: statement.key,
      'x-amz-object-lock-mode': statement.mode,
      'x-amz-object-lock-retain-until-date': statement.retainUntil,
      'x-amz-checksum-sha256': statement.checksumSha256,
    },
    responseElements: { 'x-amz-version-id': statement.versionId },
    additionalEventData: { bytesTransferredIn: 3 },
    ...change,
  };
}

/** One log file of `events` in the second of two digests, signed by an RSA key; `place` is where the second lies. */
export function buildAuditLog(
  privateKey: KeyObject,
  events: readonly unknown[],
  place: { bucket: string; object: string } = { bucket: 'trail', object: 'digest-2.json.gz' },
): CloudTrailEvidence {
  const log = utf8(JSON.stringify({ Records: events }));
  const logFile = {
    s3Bucket: 'trail',
    s3Object: 'log-1.json.gz',
    hashValue: formatHex(sha256(log)),
    hashAlgorithm: 'SHA-256',
  };
  const first = signDigest(privateKey, {
    digestEndTime: '2026-11-20T08:00:00Z',
    digestS3Bucket: 'trail',
    digestS3Object: 'digest-1.json.gz',
    previousDigestSignature: null,
    logFiles: [],
  });
  const second = signDigest(privateKey, {
    digestEndTime: '2026-11-20T09:00:00Z',
    digestS3Bucket: place.bucket,
    digestS3Object: place.object,
    previousDigestS3Bucket: 'trail',
    previousDigestS3Object: 'digest-1.json.gz',
    previousDigestHashValue: formatHex(sha256(Buffer.from(first.content, 'base64'))),
    previousDigestSignature: first.signature,
    logFiles: [logFile],
  });
  return {
    digests: [first, second],
    logs: [{ bucket: 'trail', object: 'log-1.json.gz', content: formatBase64(log) }],
  };
}

type DigestFile = Parameters<typeof digestSigningText>[0];

function signDigest(privateKey: KeyObject, digest: unknown): CloudTrailEvidence['digests'][number] {
  const content = utf8(JSON.stringify(digest));
  const { digestS3Bucket: bucket, digestS3Object: object } = digest as DigestFile;
  const signer = createSign('RSA-SHA256').update(digestSigningText(digest as DigestFile, content));
  return { bucket, object, content: formatBase64(content), signature: signer.sign(privateKey, 'hex') };
}
