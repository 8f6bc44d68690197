import { decodeUtf8 } from '@/lib/core/bytes';
import { parseJson } from '@/lib/core/json';
import { readBody } from '@/lib/decisions/read-body';
import { recordPayload } from '@/lib/decisions/record-payload';
import { MAX_RECORD_BYTES, parseEnvelope } from '@/lib/integrity/dsse';
import { consoleOutcomeBody, type ProjectedRecord } from '@/lib/producers/project-record';

/**
 * The payload of a record that was accepted before, as projections read it.
 * @throws Error naming what no longer parses: the stored bytes are not what was accepted
 */
export function readStoredRecord(bytes: Uint8Array): ProjectedRecord {
  const envelope = parseEnvelope(bytes);
  if (!envelope.ok) throw new Error(`stored record: ${envelope.code}`);
  const text = decodeUtf8(envelope.value.payload);
  if (!text.ok) throw new Error(`stored record: ${text.code}`);
  return readRecordPayload(text.value);
}

/** The same for the payload's JSON text alone. */
export function readRecordPayload(text: string): ProjectedRecord {
  const json = parseJson(text, { maxDepth: 32, maxBytes: MAX_RECORD_BYTES });
  if (!json.ok) throw new Error(`record payload: ${json.code}`);
  const payload = recordPayload.parse(json.value);
  const isConsoleOutcome = payload.kind === 'action.outcome' && payload.stream.startsWith('console/');
  const body = readBody(payload, isConsoleOutcome ? consoleOutcomeBody : undefined);
  if (!body.ok) throw new Error(`record payload: ${body.code} at ${body.detail}`);
  return { ...payload, body: body.value };
}
