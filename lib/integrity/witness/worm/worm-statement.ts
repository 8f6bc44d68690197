/**
 * Receipt of a write-once store, canonical JSON (RFC 8785), at most 4 MiB: what the console read back from the store after
 * it had put the signed checkpoint there, in the store's own words.
 *
 *   {"bucket":"audit","checksumSha256":"ungW…Fa0=","cloudTrail":null,"format":"countersign/worm/v1","key":"c/ba78….checkpoint",
 *    "legalHold":false,"mode":"COMPLIANCE","provider":"s3","readAt":"2026-11-20T08:36:00.123Z",
 *    "retainUntil":"2033-11-20T08:36:00.000Z","stored":"YWJj","versionId":"3HL4kqtJvjVBH40Nrjfkd"}
 *
 * `mode` is S3's COMPLIANCE or GOVERNANCE, Azure's and Google's Locked or Unlocked. `checksumSha256` is what the store
 * computed itself (Azure and Google compute none), `stored` the object's bytes as read. Nothing in it is signed: it is a
 * claim by whoever wrote it down, unless `cloudTrail` brings the store's signed audit log, see `cloudtrail`.
 */
import * as z from 'zod';
import { decodeUtf8, equalBytes, utf8 } from '@/lib/core/bytes';
import { parseBase64 } from '@/lib/core/encoding';
import { parseInstant } from '@/lib/core/instant';
import { formatCanonicalJson, type JsonValue, parseJson } from '@/lib/core/json';
import { err, ok, type Result } from '@/lib/core/result';

export const MAX_STATEMENT_BYTES = 4_194_304;

const base64 = z.string().refine((text) => parseBase64(text).ok, 'strict base64');
const instant = z.string().refine((text) => parseInstant(text).ok, 'instant with milliseconds');
const name = z.string().min(1).max(1_024);
/** A file of the audit log: where it was found, and its content without compression. */
const file = z.strictObject({ bucket: name, object: name, content: base64 });

export const wormStatement = z.strictObject({
  format: z.literal('countersign/worm/v1'),
  provider: z.enum(['s3', 'azure', 'gcs']),
  /** Bucket or container. */
  bucket: name,
  key: name,
  /** Version or generation; null where the store keeps none. */
  versionId: name.nullable(),
  checksumSha256: base64.nullable(),
  mode: z.string().max(40).nullable(),
  retainUntil: instant.nullable(),
  legalHold: z.boolean().nullable(),
  /** When the store was asked, by the console's clock. */
  readAt: instant,
  stored: base64.nullable(),
  cloudTrail: z
    .strictObject({
      /** Oldest first, each naming the one before it. */
      digests: z
        .array(file.extend({ signature: z.string().max(2_048) }))
        .min(1)
        .max(50),
      logs: z.array(file).max(50),
    })
    .nullable(),
});
export type WormStatement = z.infer<typeof wormStatement>;
export type CloudTrailEvidence = NonNullable<WormStatement['cloudTrail']>;

export type WormErrorCode = 'worm_too_large' | 'worm_syntax' | 'worm_shape' | 'worm_not_canonical';

/** Reads hostile bytes; what is accepted prints back byte for byte. */
export function parseWormStatement(bytes: Uint8Array): Result<WormStatement, WormErrorCode> {
  if (bytes.length > MAX_STATEMENT_BYTES) return err('worm_too_large');
  const text = decodeUtf8(bytes);
  const json = text.ok ? parseJson(text.value, { maxBytes: MAX_STATEMENT_BYTES }) : text;
  if (!json.ok) return err('worm_syntax', json.code);
  const statement = wormStatement.safeParse(json.value);
  if (!statement.success) return err('worm_shape', statement.error.issues[0]?.path.join('.') ?? '');
  return equalBytes(formatWormStatement(statement.data), bytes)
    ? ok(statement.data)
    : err('worm_not_canonical');
}

/** Inverse of `parseWormStatement`. */
export function formatWormStatement(statement: WormStatement): Uint8Array {
  return utf8(formatCanonicalJson(statement as JsonValue));
}
