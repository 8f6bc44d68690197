/**
 * A decision as one console hands it to another (GET /mesh/v1/decisions/{id}), and as that one keeps it. Everything in it is
 * attacker-controlled until it is verified under the key that was pinned for the peer's log. Bytes are base64.
 *
 *   {"format":"countersign/foreign-decision/v1","id":"dec_…","stream":"spiffe://…","position":7,
 *    "acceptedAt":"2026-11-20T08:36:00.123Z","envelope":"<record bytes>","linkBefore":"<64 bytes>",
 *    "producer":"spiffe://…","keys":[{"keyid","publicKey","validFrom","retiredAt"}],"proof":"<tlog-proof@v1>"}
 */
import * as z from 'zod';
import { decodeUtf8, utf8 } from '@/lib/core/bytes';
import { type JsonValue, parseJson } from '@/lib/core/json';
import { err, ok, type Result } from '@/lib/core/result';
import { foreignId, instant, spiffeId, streamName } from '@/lib/decisions/record-payload';

export const MAX_FOREIGN_BYTES = 1_048_576;

const bytes64 = z.base64();

export const foreignDecision = z.strictObject({
  format: z.literal('countersign/foreign-decision/v1'),
  id: foreignId,
  stream: streamName,
  /** From 1. */
  position: z.number().int().min(1).max(Number.MAX_SAFE_INTEGER),
  acceptedAt: instant,
  /** The record as received there, at most 64 KiB. */
  envelope: bytes64.max(88_000),
  /** Link of the record before; null at position 1. */
  linkBefore: bytes64.max(88).nullable(),
  producer: spiffeId,
  /** The producer's keys as the peer publishes them, retired ones included. */
  keys: z
    .array(
      z.strictObject({
        keyid: foreignId,
        /** 32 bytes, base64url. */
        publicKey: z.string().max(43),
        validFrom: instant,
        retiredAt: instant.nullable(),
      }),
    )
    .max(64),
  /** C2SP tlog-proof@v1 of the record's entry. */
  proof: bytes64.max(400_000),
});
export type ForeignDecision = z.infer<typeof foreignDecision>;

/** What is kept: the peer's answer, and how its checkpoint continues the one that this console had cosigned. */
export const foreignEvidence = z.strictObject({
  decision: foreignDecision,
  cosigned: z
    .strictObject({
      /** The peer's signed checkpoint that this console cosigned last. */
      note: bytes64.max(200_000),
      /** RFC 9162 consistency proof between its size and the proof's, the smaller first. */
      proof: z.array(bytes64.max(44)).max(63),
    })
    .nullable(),
});
export type ForeignEvidence = z.infer<typeof foreignEvidence>;

export type ForeignErrorCode = 'foreign_too_large' | 'foreign_syntax';

function parseAs<S extends z.ZodType>(bytes: Uint8Array, schema: S): Result<z.infer<S>, ForeignErrorCode> {
  if (bytes.length > MAX_FOREIGN_BYTES) return err('foreign_too_large');
  const text = decodeUtf8(bytes);
  const json = text.ok ? parseJson(text.value, { maxDepth: 8, maxBytes: MAX_FOREIGN_BYTES }) : text;
  if (!json.ok) return err('foreign_syntax', json.code);
  const parsed = schema.safeParse(json.value as JsonValue);
  return parsed.success
    ? ok(parsed.data)
    : err('foreign_syntax', parsed.error.issues[0]?.path.map(String).join('.'));
}

/** Reads a peer's answer. */
export function parseForeignDecision(bytes: Uint8Array): Result<ForeignDecision, ForeignErrorCode> {
  return parseAs(bytes, foreignDecision);
}

/** Reads what was kept of a peer's decision. */
export function parseForeignEvidence(bytes: Uint8Array): Result<ForeignEvidence, ForeignErrorCode> {
  return parseAs(bytes, foreignEvidence);
}

/** Inverse of `parseForeignEvidence`. */
export function formatForeignEvidence(evidence: ForeignEvidence): Uint8Array {
  return utf8(JSON.stringify(evidence));
}
