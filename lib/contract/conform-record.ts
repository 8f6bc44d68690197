import { decodeUtf8 } from '@/lib/core/bytes';
import { isJsonObject, type JsonValue, parseJson } from '@/lib/core/json';
import { err, ok, type Result } from '@/lib/core/result';
import {
  bodySchemaOf,
  CONSOLE_KINDS,
  type DecisionBody,
  isLaterSchema,
  type RecordPayload,
  recordPayload,
} from '@/lib/decisions/record-payload';
import {
  type Envelope,
  type EnvelopeKey,
  MAX_RECORD_BYTES,
  parseEnvelope,
  verifyEnvelope,
} from '@/lib/integrity/dsse';
import { conformDecision } from './conform-decision';
import { type ConformanceFinding, finding } from './conformance';
import { suspectIdentifier } from './suspect-identifier';
import { walkLeftOut, walkTexts } from './walk-payload';

/** Findings of one kind in one record beyond these add nothing. */
const MOST_PATHS = 20;

export interface ConformedRecord {
  /** Null when nothing could be read of it. */
  payload: RecordPayload | null;
  findings: ConformanceFinding[];
}

/**
 * Everything that can be said of one record without its stream: envelope, signature, schema, reserved kind, unknown
 * members, suspected identifiers, and for a decision whether it answers what an investigation asks.
 * @param bytes attacker-controlled: one DSSE envelope
 * @param keys the producer's keys; null when none were given, then the signature is not checked
 */
export function conformRecord(bytes: Uint8Array, keys: readonly EnvelopeKey[] | null): ConformedRecord {
  const envelope = parseEnvelope(bytes);
  if (!envelope.ok) {
    const code = envelope.code === 'signature_missing' ? 'signature_missing' : 'envelope_invalid';
    return { payload: null, findings: [finding(code, undefined, envelope.detail ?? envelope.code)] };
  }
  const signed = conformSignature(envelope.value, keys);
  const json = readJson(envelope.value);
  if (!json.ok)
    return { payload: null, findings: [...signed, finding('payload_invalid', undefined, json.detail)] };
  const read = conformPayload(json.value);
  return { ...read, findings: [...signed, ...read.findings] };
}

function conformSignature(envelope: Envelope, keys: readonly EnvelopeKey[] | null): ConformanceFinding[] {
  if (keys === null) return [finding('signature_not_checked')];
  const verified = verifyEnvelope(envelope, keys);
  return verified.ok ? [] : [finding(verified.code)];
}

function readJson(envelope: Envelope): Result<JsonValue, 'payload_invalid'> {
  const text = decodeUtf8(envelope.payload);
  if (!text.ok) return err('payload_invalid', text.code);
  const json = parseJson(text.value, { maxDepth: 32, maxBytes: MAX_RECORD_BYTES });
  return json.ok ? ok(json.value) : err('payload_invalid', json.code);
}

function conformPayload(json: JsonValue): ConformedRecord {
  const parsed = recordPayload.safeParse(json);
  if (!parsed.success) return { payload: null, findings: mismatches([], parsed.error.issues) };
  const payload = parsed.data;
  const body = bodySchemaOf(payload.kind).safeParse(payload.body);
  const isLater = isLaterSchema(payload.schema_version);
  const raw = isJsonObject(json) ? (json.body as JsonValue) : null;
  const findings = [
    ...(isLater ? [finding('schema_later', 'schema_version', payload.schema_version)] : []),
    ...(CONSOLE_KINDS.has(payload.kind) ? [finding('kind_reserved', 'kind')] : []),
    ...(body.success || isLater ? [] : mismatches(['body'], body.error.issues)),
    ...some(walkLeftOut(json, payload), (path) => finding('member_unknown', path)),
    ...(body.success
      ? some(walkLeftOut(raw, body.data, 'body'), (path) => finding('member_unknown', path))
      : []),
    ...identifiersIn(json),
    ...(body.success && payload.kind === 'decision' ? conformDecision(body.data as DecisionBody) : []),
  ];
  return { payload, findings };
}

function mismatches(
  before: string[],
  issues: readonly { path: readonly PropertyKey[]; code?: string | undefined }[],
): ConformanceFinding[] {
  return issues
    .slice(0, MOST_PATHS)
    .map(({ path, code }) => finding('schema_mismatch', [...before, ...path].map(String).join('.'), code));
}

/** `name` and the like are said for people to read; everything else in a record is an id, a token, a digest or a label. */
function identifiersIn(json: JsonValue): ConformanceFinding[] {
  const found: ConformanceFinding[] = [];
  for (const { path, text } of walkTexts(json)) {
    const suspected = suspectIdentifier(text);
    if (suspected !== null) found.push(finding('identifier_suspected', path, suspected));
    if (found.length === MOST_PATHS) break;
  }
  return found;
}

function some(paths: Iterable<string>, make: (path: string) => ConformanceFinding): ConformanceFinding[] {
  const found: ConformanceFinding[] = [];
  for (const path of paths) {
    found.push(make(path));
    if (found.length === MOST_PATHS) break;
  }
  return found;
}
