/**
 * Signed audit log of AWS (CloudTrail log file integrity validation). Every hour the service writes a digest file: JSON that
 * names the log files of that hour with their SHA-256, and the digest before it. Its signature is in the metadata of the
 * digest's S3 object, RSASSA-PKCS1-v1_5 with SHA-256, in hex, over
 *
 *   digestEndTime \n digestS3Bucket/digestS3Object \n hex SHA-256(digest, uncompressed) \n previousDigestSignature or "null"
 *
 * Worked example of the signed text (its SHA-256 is that of the digest `{}`, which is no digest):
 *   2026-03-01T10:00:00Z\naudit/d.json.gz\n44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a\nnull
 */
import * as z from 'zod';
import { decodeUtf8, utf8 } from '@/lib/core/bytes';
import { formatHex, parseHex } from '@/lib/core/encoding';
import { sha256 } from '@/lib/core/hash';
import { parseJson } from '@/lib/core/json';
import { err, ok, type Result } from '@/lib/core/result';
import { verifyRsa } from '@/lib/core/rsa';

const MAX_DIGEST_BYTES = 2_097_152;

const digestFile = z.object({
  digestEndTime: z.string().max(40),
  digestS3Bucket: z.string().max(1_024),
  digestS3Object: z.string().max(1_024),
  previousDigestS3Bucket: z.string().nullish(),
  previousDigestS3Object: z.string().nullish(),
  previousDigestHashValue: z.string().nullish(),
  previousDigestSignature: z.string().max(2_048).nullish(),
  logFiles: z.array(
    z.object({
      s3Bucket: z.string(),
      s3Object: z.string(),
      hashValue: z.string(),
      hashAlgorithm: z.literal('SHA-256'),
    }),
  ),
});
export type CloudTrailDigest = z.infer<typeof digestFile>;

/** A file of the log and where it was found. All of it attacker-controlled. */
export interface AuditFile {
  readonly bucket: string;
  readonly object: string;
  /** Without compression. */
  readonly content: Uint8Array;
}
export interface SignedDigest extends AuditFile {
  /** Lower-case hex. */
  readonly signature: string;
}

export type CloudTrailErrorCode =
  | 'audit_digest_syntax'
  | 'audit_digest_moved'
  | 'audit_digest_signature'
  | 'audit_chain_broken'
  | 'audit_log_unlisted'
  | 'audit_log_mismatch';

/** The text under a digest's signature. */
export function digestSigningText(digest: CloudTrailDigest, content: Uint8Array): string {
  const { digestEndTime, digestS3Bucket, digestS3Object, previousDigestSignature } = digest;
  return [
    digestEndTime,
    `${digestS3Bucket}/${digestS3Object}`,
    formatHex(sha256(content)),
    previousDigestSignature ?? 'null',
  ].join('\n');
}

/**
 * Checks one digest under any of the keys (SPKI DER); the value names the key that fitted. `undefined` where this host
 * has no RSA, which is no verdict.
 */
export async function verifyDigest(
  signed: SignedDigest,
  keys: readonly Uint8Array[],
): Promise<Result<{ digest: CloudTrailDigest; key: Uint8Array }, CloudTrailErrorCode> | undefined> {
  const digest = parseDigest(signed.content);
  if (!digest) return err('audit_digest_syntax');
  if (digest.digestS3Bucket !== signed.bucket || digest.digestS3Object !== signed.object) {
    return err('audit_digest_moved');
  }
  const signature = parseHex(signed.signature);
  if (!signature.ok) return err('audit_digest_signature');
  const message = utf8(digestSigningText(digest, signed.content));
  for (const key of keys) {
    const verified = await verifyRsa({
      publicKey: key,
      scheme: { name: 'pkcs1-v1.5' },
      hash: 'sha-256',
      message,
      signature: signature.value,
    });
    if (verified === undefined) return undefined;
    if (verified) return ok({ digest, key });
  }
  return err('audit_digest_signature');
}

/** Whether `next` continues `before`: names its place, its hash and its signature. */
export function followsDigest(next: CloudTrailDigest, before: SignedDigest): boolean {
  return (
    next.previousDigestS3Bucket === before.bucket &&
    next.previousDigestS3Object === before.object &&
    next.previousDigestHashValue === formatHex(sha256(before.content)) &&
    next.previousDigestSignature === before.signature
  );
}

/** Whether a log file is the one that a digest lists under its name. */
export function checkLogFile(
  log: AuditFile,
  digests: readonly CloudTrailDigest[],
): Result<null, CloudTrailErrorCode> {
  const listed = digests
    .flatMap(({ logFiles }) => logFiles)
    .find(({ s3Bucket, s3Object }) => s3Bucket === log.bucket && s3Object === log.object);
  if (!listed) return err('audit_log_unlisted');
  return listed.hashValue === formatHex(sha256(log.content)) ? ok(null) : err('audit_log_mismatch');
}

function parseDigest(content: Uint8Array): CloudTrailDigest | undefined {
  if (content.length > MAX_DIGEST_BYTES) return undefined;
  const text = decodeUtf8(content);
  const json = text.ok ? parseJson(text.value, { maxBytes: MAX_DIGEST_BYTES }) : text;
  return digestFile.safeParse(json.ok ? json.value : null).data;
}
