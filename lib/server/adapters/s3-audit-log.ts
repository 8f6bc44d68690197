import { gunzipSync } from 'node:zlib';
import { ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { z } from 'zod';
import { formatBase64 } from '@/lib/core/encoding';
import { listPutEvents } from '@/lib/integrity/witness/worm/cloudtrail-event';
import type { CloudTrailEvidence, WormStatement } from '@/lib/integrity/witness/worm/worm-statement';
import { describeS3Failure, getS3Object } from './s3-client';

/** Compressed; and what it may become. The log file has to fit into the receipt. */
const MAX_FILE_BYTES = 1_048_576;
const MAX_CONTENT_BYTES = 2_097_152;
/** Hours after the upload in which the event's digest is looked for. */
const MAX_DIGESTS = 12;
const DAY_MS = 86_400_000;
/** Events are written down by the store's clock, receipts by ours. */
const CLOCK_MS = 300_000;

const digestFile = z.object({
  logFiles: z.array(
    z.object({
      s3Bucket: z.string(),
      s3Object: z.string(),
      oldestEventTime: z.string().optional(),
    }),
  ),
});

/**
 * The signed digest and the log file in which the account's trail names the upload that a receipt speaks of; null while
 * there is none. Whether they are genuine is the verifier's to say.
 * @throws WitnessError
 */
export async function findAuditLog(
  client: S3Client,
  trail: { bucket: string; prefix: string },
  statement: WormStatement,
  abortSignal: AbortSignal,
): Promise<CloudTrailEvidence | null> {
  const readAtMs = Date.parse(statement.readAt);
  const days = [readAtMs, readAtMs + DAY_MS].map((ms) => new Date(ms).toISOString().slice(0, 10));
  const names = (await Promise.all(days.map((day) => listDigests(client, trail, day, abortSignal)))).flat();
  const later = names.filter((name) => (digestEndMs(name) ?? 0) + CLOCK_MS > readAtMs).slice(0, MAX_DIGESTS);
  const limits = { maxBytes: MAX_FILE_BYTES, abortSignal };
  for (const object of later) {
    const found = await getS3Object(client, { bucket: trail.bucket, key: object }, limits);
    const content = found && unzip(found.bytes);
    const signature = found?.answer.Metadata?.signature;
    if (!content || !signature) continue;
    const digest = digestFile.safeParse(readJson(content));
    const files = digest.success ? digest.data.logFiles.filter((file) => mayHold(file, readAtMs)) : [];
    for (const { s3Bucket, s3Object } of files) {
      const file = await getS3Object(client, { bucket: s3Bucket, key: s3Object }, limits);
      const log = file && unzip(file.bytes);
      const events = (log && listPutEvents(log, statement.bucket, statement.key)) ?? [];
      if (!log || !events.some(({ versionId }) => versionId === statement.versionId)) continue;
      return {
        digests: [{ bucket: trail.bucket, object, content: formatBase64(content), signature }],
        logs: [{ bucket: s3Bucket, object: s3Object, content: formatBase64(log) }],
      };
    }
  }
  return null;
}

/** Digests of one day (`YYYY-MM-DD`), oldest first: their names end in the time at which their hour ended. */
async function listDigests(
  client: S3Client,
  { bucket, prefix }: { bucket: string; prefix: string },
  day: string,
  abortSignal: AbortSignal,
): Promise<string[]> {
  try {
    const listed = await client.send(
      new ListObjectsV2Command({
        Bucket: bucket,
        Prefix: `${prefix}${day.replaceAll('-', '/')}/`,
        MaxKeys: 200,
      }),
      { abortSignal },
    );
    return (listed.Contents ?? [])
      .flatMap(({ Key }) => (Key?.endsWith('.json.gz') ? [Key] : []))
      .sort((a, b) => (digestEndMs(a) ?? 0) - (digestEndMs(b) ?? 0));
  } catch (error) {
    throw describeS3Failure(error);
  }
}

function digestEndMs(name: string): number | null {
  const at = /_(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z\.json\.gz$/.exec(name);
  if (!at) return null;
  const [, year, month, date, hour, minute, second] = at;
  return Date.parse(`${year}-${month}-${date}T${hour}:${minute}:${second}Z`);
}

/** Not a file whose first event came after the upload; what says nothing of its times may hold anything. */
function mayHold(file: { oldestEventTime?: string | undefined }, readAtMs: number): boolean {
  return !(Date.parse(file.oldestEventTime ?? '') > readAtMs + CLOCK_MS);
}

function unzip(bytes: Uint8Array): Uint8Array | null {
  try {
    return new Uint8Array(gunzipSync(bytes, { maxOutputLength: MAX_CONTENT_BYTES }));
  } catch {
    return null;
  }
}

function readJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString());
  } catch {
    return null;
  }
}
