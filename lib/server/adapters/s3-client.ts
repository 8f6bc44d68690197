import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import {
  GetObjectCommand,
  type GetObjectCommandOutput,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { WitnessError } from '../witnesses/witness-adapter';
import { guardedLookup, PrivateAddressRefused, requireAllowedHost } from './outbound-policy';
import { refusedByStore } from './write-once-store';

export interface S3Access {
  region: string;
  endpoint?: string | undefined;
  pathStyle: boolean;
  accessKeyId?: string | undefined;
  secretAccessKey?: string | undefined;
  sessionToken?: string | undefined;
}

export const S3_TIMEOUT_MS = 30_000;

/** One attempt a call: trying again is the durable queue's part. @throws WitnessError for an address that may not be called */
export function createS3Client(access: S3Access): S3Client {
  const { region, endpoint, pathStyle, accessKeyId, secretAccessKey, sessionToken } = access;
  if (endpoint) requireReachable(endpoint);
  return new S3Client({
    region,
    maxAttempts: 1,
    forcePathStyle: pathStyle,
    followRegionRedirects: false,
    ...(endpoint ? { endpoint } : {}),
    ...(accessKeyId && secretAccessKey
      ? { credentials: { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) } }
      : {}),
    requestHandler: {
      connectionTimeout: 10_000,
      requestTimeout: S3_TIMEOUT_MS,
      httpAgent: new HttpAgent({ lookup: guardedLookup }),
      httpsAgent: new HttpsAgent({ lookup: guardedLookup }),
    },
  });
}

function requireReachable(endpoint: string): void {
  try {
    requireAllowedHost(new URL(endpoint).hostname);
  } catch (error) {
    throw describeS3Failure(error);
  }
}

/** Metadata and bytes of an object, at most `maxBytes`; null where there is none. @throws WitnessError */
export async function getS3Object(
  client: S3Client,
  object: { bucket: string; key: string; versionId?: string | null },
  { maxBytes, abortSignal }: { maxBytes: number; abortSignal: AbortSignal },
): Promise<{ answer: GetObjectCommandOutput; bytes: Uint8Array } | null> {
  const { bucket, key, versionId } = object;
  const version = versionId ? { VersionId: versionId } : {};
  try {
    const answer = await client.send(
      new GetObjectCommand({ Bucket: bucket, Key: key, ChecksumMode: 'ENABLED', ...version }),
      { abortSignal },
    );
    return { answer, bytes: await readBody(answer.Body as Body | undefined, maxBytes) };
  } catch (error) {
    if (error instanceof S3ServiceException && error.name === 'NoSuchKey') return null;
    throw describeS3Failure(error);
  }
}

type Body = AsyncIterable<Uint8Array> & { destroy?: () => void };

async function readBody(body: Body | undefined, maxBytes: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of body ?? []) {
    length += part.length;
    if (length > maxBytes) {
      body?.destroy?.();
      throw new WitnessError('witness_answer_invalid', 'S3 answered with more bytes than were ever stored');
    }
    parts.push(part);
  }
  return new Uint8Array(Buffer.concat(parts));
}

/** Names and statuses only: messages of stores repeat what was sent. */
export function describeS3Failure(error: unknown): WitnessError {
  if (error instanceof WitnessError) return error;
  if (error instanceof PrivateAddressRefused)
    return new WitnessError('witness_misconfigured', `S3: ${error.message}`);
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
