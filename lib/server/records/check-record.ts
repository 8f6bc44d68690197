import { decodeUtf8 } from '@/lib/core/bytes';
import { parseJson } from '@/lib/core/json';
import { err, ok, type Result } from '@/lib/core/result';
import { readBody } from '@/lib/decisions/read-body';
import { CONSOLE_KINDS, recordPayload } from '@/lib/decisions/record-payload';
import { type Envelope, MAX_RECORD_BYTES, parseEnvelope, verifyEnvelopeAsync } from '@/lib/integrity/dsse';
import { ownsStream } from '@/lib/producers/producer';
import { projectRecord } from '@/lib/producers/project-record';
import type { ErrorCode } from '../errors';
import type { ProducerKeyOwner } from './find-producer-keys';
import type { CheckedRecord } from './write-records';

/** A record that may be offered to its stream. */
export interface Submission extends CheckedRecord {
  tenant: string;
  producer: string;
  stream: string;
  keyid: string;
}

/** How far a producer's clock may run ahead of ours. */
export const MAX_CLOCK_AHEAD_MS = 300_000;

/** Reads hostile bytes as an envelope, with the codes of the API. */
export function parseSubmission(bytes: Uint8Array): Result<Envelope, ErrorCode> {
  const envelope = parseEnvelope(bytes);
  if (envelope.ok) return envelope;
  switch (envelope.code) {
    case 'record_too_large':
      return err('record_too_large', `At most ${MAX_RECORD_BYTES} bytes.`);
    case 'payload_type_unknown':
    case 'signature_missing':
      return err(envelope.code);
    case 'envelope_syntax':
      return err(jsonCode(envelope.detail) ?? 'envelope_invalid', 'The envelope is not strict JSON.');
    default:
      return err('envelope_invalid', envelope.detail);
  }
}

/**
 * Everything that can be decided about one record without its stream, in this order: key known, signature, strict
 * JSON, schema, owner of the key, owner of the stream, kind, body, time.
 */
export async function checkRecord(
  envelope: Envelope,
  keys: ReadonlyMap<string, ProducerKeyOwner>,
  nowMs: number,
): Promise<Result<Submission, ErrorCode>> {
  const candidates = envelope.signatures.flatMap(({ keyid }) => keys.get(keyid) ?? []);
  const verified = await verifyEnvelopeAsync(envelope, candidates);
  if (!verified.ok) return err(verified.code);
  const key = keys.get(verified.value.keyid);
  if (!key) return err('key_unknown');
  return readPayload(envelope, key, nowMs);
}

function readPayload(
  envelope: Envelope,
  key: ProducerKeyOwner,
  nowMs: number,
): Result<Submission, ErrorCode> {
  const text = decodeUtf8(envelope.payload);
  if (!text.ok) return err('invalid_json', 'The payload is not UTF-8.');
  const json = parseJson(text.value, { maxDepth: 32, maxBytes: MAX_RECORD_BYTES });
  if (!json.ok) return err(jsonCode(json.code) ?? 'invalid_json', `The payload is refused: ${json.code}.`);
  const parsed = recordPayload.safeParse(json.value);
  if (!parsed.success) return err('record_invalid', fieldOf(parsed.error.issues[0]?.path));
  const payload = parsed.data;
  if (payload.producer !== key.producer)
    return err('producer_unknown', 'The key belongs to another producer.');
  if (!ownsStream(payload.producer, payload.stream)) return err('stream_foreign');
  if (CONSOLE_KINDS.has(payload.kind)) return err('record_kind_reserved', payload.kind);
  const body = readBody(payload);
  if (!body.ok) return err('record_invalid', fieldOf([body.detail ?? 'body']));
  // The schema has held it to the one form of an instant that exists.
  if (Date.parse(payload.occurred_at) > nowMs + MAX_CLOCK_AHEAD_MS)
    return err('occurred_in_future', 'occurred_at is more than 5 minutes ahead of this console.');
  const { id, kind, seq, producer, stream } = payload;
  const projection = projectRecord({ ...payload, body: body.value });
  return ok({
    bytes: envelope.bytes,
    id,
    kind,
    seq,
    projection,
    tenant: key.tenant,
    producer,
    stream,
    keyid: key.keyid,
  });
}

function jsonCode(code: string | undefined): ErrorCode | undefined {
  if (code === 'json_duplicate_key') return 'duplicate_json_key';
  return code === 'json_too_deep' ? 'json_too_deep' : undefined;
}

/** The path of a field and never its value, which may hold what must not be repeated. */
function fieldOf(path: readonly PropertyKey[] | undefined): string {
  return `Field "${(path ?? []).map(String).join('.').slice(0, 200)}".`;
}
