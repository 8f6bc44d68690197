/**
 * The line of the audit log that says who put an object where. S3's data events carry the request's `x-amz-*` fields, each
 * as a text or (in older events) as a list of one.
 */
import * as z from 'zod';
import { decodeUtf8 } from '@/lib/core/bytes';
import { parseJson } from '@/lib/core/json';

const MAX_LOG_BYTES = 4_194_304;

const field = z
  .union([z.string(), z.tuple([z.string()]).transform(([only]) => only)])
  .optional()
  .catch(undefined);

const putObject = z.object({
  eventSource: z.literal('s3.amazonaws.com'),
  eventName: z.literal('PutObject'),
  eventTime: z.string(),
  errorCode: z.undefined().optional(),
  requestParameters: z.object({
    bucketName: field,
    key: field,
    'x-amz-object-lock-mode': field,
    'x-amz-object-lock-retain-until-date': field,
    'x-amz-checksum-sha256': field,
  }),
  responseElements: z.object({ 'x-amz-version-id': field }).nullish(),
});

/** What the log says of one successful PutObject; undefined where it says nothing. */
export interface PutEvent {
  readonly eventTime: string;
  readonly versionId: string | undefined;
  readonly mode: string | undefined;
  readonly retainUntil: string | undefined;
  readonly checksumSha256: string | undefined;
}

/** Every successful PutObject of that object in a log file (JSON with `Records`); null when the file is none. */
export function listPutEvents(log: Uint8Array, bucket: string, key: string): PutEvent[] | null {
  if (log.length > MAX_LOG_BYTES) return null;
  const text = decodeUtf8(log);
  const json = text.ok ? parseJson(text.value, { maxBytes: MAX_LOG_BYTES, allowFloats: true }) : text;
  const file = z.object({ Records: z.array(z.unknown()) }).safeParse(json.ok ? json.value : null);
  if (!file.success) return null;
  return file.data.Records.flatMap((record) => {
    const event = putObject.safeParse(record);
    const request = event.data?.requestParameters;
    if (!event.success || request?.bucketName !== bucket || request.key !== key) return [];
    return [
      {
        eventTime: event.data.eventTime,
        versionId: event.data.responseElements?.['x-amz-version-id'],
        mode: request['x-amz-object-lock-mode'],
        retainUntil: request['x-amz-object-lock-retain-until-date'],
        checksumSha256: request['x-amz-checksum-sha256'],
      },
    ];
  });
}
