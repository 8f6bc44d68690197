/**
 * Amazon S3 with Object Lock in COMPLIANCE mode, and stores that speak its API (`endpoint`). The bucket must have been made
 * with Object Lock; without access key the process's own role is used, as the AWS SDK finds it. The identity needs
 * s3:PutObject, s3:PutObjectRetention, s3:GetObject, s3:GetObjectVersion, s3:GetObjectRetention and s3:ListBucket.
 *
 * With `auditBucket` and `auditPrefix` the account's CloudTrail log is added to the receipt once its signed digest is
 * there (hours later), so that others need not take the console's word for the lock: a trail of the bucket's write
 * events with log file validation, best one of its own, because the log file with the event travels in the receipt.
 */
import { createHash } from 'node:crypto';
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { z } from 'zod';
import { formatWormStatement, parseWormStatement } from '@/lib/integrity/witness/worm/worm-statement';
import { type StampRequest, type WitnessAdapter, WitnessError } from '../witnesses/witness-adapter';
import { findAuditLog } from './s3-audit-log';
import { createS3Client, describeS3Failure, getS3Object, S3_TIMEOUT_MS } from './s3-client';
import { serviceAddress } from './service-address';
import { MAX_OBJECT_BYTES, stampInStore, storeSettings, type WriteOnceStore } from './write-once-store';

const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

const settings = z
  .strictObject({
    provider: z.literal('s3'),
    bucket: z.string().regex(BUCKET, 'a bucket’s name'),
    region: z.string().regex(/^[a-z0-9-]{1,40}$/, 'a region’s name'),
    /** Of a store that is not Amazon's own. */
    endpoint: serviceAddress.optional(),
    /** Bucket in the path instead of the host name; most stores that are not Amazon's want it. */
    pathStyle: z.boolean().default(false),
    accessKeyId: z.string().min(1).max(200).optional(),
    secretAccessKey: z.string().min(1).max(500).optional(),
    sessionToken: z.string().min(1).max(4_000).optional(),
    /** Where the trail delivers, and its digests' folder: `AWSLogs/<account>/CloudTrail-Digest/<region>/`. */
    auditBucket: z.string().regex(BUCKET, 'a bucket’s name').optional(),
    auditPrefix: z
      .string()
      .max(500)
      .regex(/^([A-Za-z0-9._-]+\/)+$/, 'folders, each with a slash behind it')
      .optional(),
    ...storeSettings,
  })
  .refine(
    ({ auditBucket, auditPrefix }) => (auditBucket === undefined) === (auditPrefix === undefined),
    'the trail’s bucket and folder go together',
  )
  .refine(
    ({ accessKeyId, secretAccessKey }) => (accessKeyId === undefined) === (secretAccessKey === undefined),
    'access key and secret go together',
  );
export type S3ObjectLockSettings = z.infer<typeof settings>;

/** Digests come every hour. */
const AUDIT_RETRY_MS = 3_600_000;
/** A trail that has not named the object by then never will. */
const AUDIT_WAIT_MS = 2 * 86_400_000;

export const s3ObjectLockAdapter: WitnessAdapter<S3ObjectLockSettings> = {
  type: 'worm',
  settings,
  secretFields: ['secretAccessKey', 'sessionToken'],

  stamp: (request, options) =>
    withClient(request, options, async (client, signal) => {
      const answer = await stampInStore(openStore(client, options, signal), request, options);
      return options.auditBucket === undefined
        ? answer
        : { ...answer, state: 'pending', retryAtMs: request.nowMs + AUDIT_RETRY_MS };
    }),

  upgrade: (receipt, request, options) =>
    withClient(request, options, async (client, signal) => {
      const parsed = parseWormStatement(receipt);
      if (!parsed.ok) throw new WitnessError('witness_answer_invalid', `the stored receipt: ${parsed.code}`);
      const { auditBucket, auditPrefix } = options;
      const waitedMs = request.nowMs - Date.parse(parsed.value.readAt);
      const isDone = parsed.value.cloudTrail !== null || waitedMs > AUDIT_WAIT_MS;
      if (isDone || auditBucket === undefined || auditPrefix === undefined)
        return { state: 'complete', receipt };
      const trail = { bucket: auditBucket, prefix: auditPrefix };
      const cloudTrail = await findAuditLog(client, trail, parsed.value, signal);
      return cloudTrail
        ? { state: 'complete', receipt: formatWormStatement({ ...parsed.value, cloudTrail }) }
        : { state: 'pending', receipt, retryAtMs: request.nowMs + AUDIT_RETRY_MS };
    }),
};

async function withClient<T>(
  request: StampRequest,
  options: S3ObjectLockSettings,
  work: (client: S3Client, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const client = createS3Client(options);
  try {
    return await work(client, AbortSignal.any([request.signal, AbortSignal.timeout(2 * S3_TIMEOUT_MS)]));
  } finally {
    client.destroy();
  }
}

function openStore(
  client: S3Client,
  { bucket }: S3ObjectLockSettings,
  abortSignal: AbortSignal,
): WriteOnceStore {
  return {
    provider: 's3',
    bucket,

    async read(key, versionId) {
      const found = await getS3Object(
        client,
        { bucket, key, versionId },
        { maxBytes: MAX_OBJECT_BYTES, abortSignal },
      );
      if (!found) return null;
      const { answer, bytes } = found;
      return {
        bytes,
        versionId: answer.VersionId ?? null,
        checksumSha256: answer.ChecksumSHA256 ?? null,
        mode: answer.ObjectLockMode ?? null,
        retainUntilMs: answer.ObjectLockRetainUntilDate?.getTime() ?? null,
        legalHold: answer.ObjectLockLegalHoldStatus ? answer.ObjectLockLegalHoldStatus === 'ON' : null,
      };
    },

    async write(key, bytes, retainUntilMs) {
      try {
        const answer = await client.send(
          new PutObjectCommand({
            Bucket: bucket,
            Key: key,
            Body: bytes,
            ContentType: 'text/plain; charset=utf-8',
            ChecksumAlgorithm: 'SHA256',
            ChecksumSHA256: createHash('sha256').update(bytes).digest('base64'),
            ObjectLockMode: 'COMPLIANCE',
            ObjectLockRetainUntilDate: new Date(retainUntilMs),
          }),
          { abortSignal },
        );
        return answer.VersionId ?? null;
      } catch (error) {
        throw describeS3Failure(error);
      }
    },
  };
}
