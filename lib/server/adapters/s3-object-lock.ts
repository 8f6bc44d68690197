/**
 * Amazon S3 with Object Lock in COMPLIANCE mode, and stores that speak its API (`endpoint`). The bucket must have been made
 * with Object Lock; without access key the process's own role is used, as the AWS SDK finds it. The identity needs
 * s3:PutObject, s3:PutObjectRetention, s3:GetObject, s3:GetObjectVersion, s3:GetObjectRetention and s3:ListBucket.
 */
import { createHash } from 'node:crypto';
import { GetObjectCommand, PutObjectCommand, S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { z } from 'zod';
import { type WitnessAdapter, WitnessError } from '../witnesses/witness-adapter';
import { serviceAddress } from './service-address';
import {
  MAX_OBJECT_BYTES,
  refusedByStore,
  type StoredObject,
  stampInStore,
  storeSettings,
  type WriteOnceStore,
} from './write-once-store';

const settings = z
  .strictObject({
    provider: z.literal('s3'),
    bucket: z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'a bucket’s name'),
    region: z.string().regex(/^[a-z0-9-]{1,40}$/, 'a region’s name'),
    /** Of a store that is not Amazon's own. */
    endpoint: serviceAddress.optional(),
    /** Bucket in the path instead of the host name; most stores that are not Amazon's want it. */
    pathStyle: z.boolean().default(false),
    accessKeyId: z.string().min(1).max(200).optional(),
    secretAccessKey: z.string().min(1).max(500).optional(),
    sessionToken: z.string().min(1).max(4_000).optional(),
    ...storeSettings,
  })
  .refine(
    ({ accessKeyId, secretAccessKey }) => (accessKeyId === undefined) === (secretAccessKey === undefined),
    'access key and secret go together',
  );
export type S3ObjectLockSettings = z.infer<typeof settings>;

const TIMEOUT_MS = 30_000;

export const s3ObjectLockAdapter: WitnessAdapter<S3ObjectLockSettings> = {
  type: 'worm',
  settings,
  secretFields: ['secretAccessKey', 'sessionToken'],

  async stamp(request, options) {
    const client = createClient(options);
    try {
      const signal = AbortSignal.any([request.signal, AbortSignal.timeout(TIMEOUT_MS)]);
      return await stampInStore(openStore(client, options, signal), request, options);
    } finally {
      client.destroy();
    }
  },
};

/** One attempt a call: trying again is the durable queue's part. */
function createClient(options: S3ObjectLockSettings): S3Client {
  const { region, endpoint, pathStyle, accessKeyId, secretAccessKey, sessionToken } = options;
  return new S3Client({
    region,
    maxAttempts: 1,
    forcePathStyle: pathStyle,
    followRegionRedirects: false,
    ...(endpoint ? { endpoint } : {}),
    ...(accessKeyId && secretAccessKey
      ? { credentials: { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) } }
      : {}),
    requestHandler: { connectionTimeout: 10_000, requestTimeout: TIMEOUT_MS },
  });
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
      const version = versionId === null ? {} : { VersionId: versionId };
      try {
        const answer = await client.send(
          new GetObjectCommand({ Bucket: bucket, Key: key, ChecksumMode: 'ENABLED', ...version }),
          { abortSignal },
        );
        const body = answer.Body as (AsyncIterable<Uint8Array> & { destroy?: () => void }) | undefined;
        return {
          bytes: await readBody(body),
          versionId: answer.VersionId ?? null,
          checksumSha256: answer.ChecksumSHA256 ?? null,
          mode: answer.ObjectLockMode ?? null,
          retainUntilMs: answer.ObjectLockRetainUntilDate?.getTime() ?? null,
          legalHold: answer.ObjectLockLegalHoldStatus ? answer.ObjectLockLegalHoldStatus === 'ON' : null,
        } satisfies StoredObject;
      } catch (error) {
        if (error instanceof S3ServiceException && error.name === 'NoSuchKey') return null;
        throw describeFailure(error);
      }
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
        throw describeFailure(error);
      }
    },
  };
}

async function readBody(
  body: (AsyncIterable<Uint8Array> & { destroy?: () => void }) | undefined,
): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of body ?? []) {
    length += part.length;
    if (length > MAX_OBJECT_BYTES) {
      body?.destroy?.();
      throw new WitnessError('witness_answer_invalid', 'S3 answered with more bytes than were ever stored');
    }
    parts.push(part);
  }
  return new Uint8Array(Buffer.concat(parts));
}

/** Names and statuses only: messages of stores repeat what was sent. */
function describeFailure(error: unknown): WitnessError {
  if (error instanceof WitnessError) return error;
  if (error instanceof S3ServiceException) {
    const status = error.$metadata.httpStatusCode ?? 0;
    // S3 answers 400 for an upload that came too slowly.
    if (status === 429 || status === 503 || error.name === 'RequestTimeout')
      return new WitnessError('witness_busy', `S3 answered ${status}`);
    if (status >= 300)
      return refusedByStore('S3', status, /^[A-Za-z]{1,60}$/.test(error.name) ? error.name : '');
    return new WitnessError('witness_answer_invalid', 'S3 answered what its API does not know', {
      cause: error,
    });
  }
  if (error instanceof Error && error.name === 'CredentialsProviderError') {
    return new WitnessError('witness_misconfigured', 'no credentials for S3 were found', { cause: error });
  }
  return new WitnessError('witness_unreachable', 'no answer from S3', { cause: error });
}
