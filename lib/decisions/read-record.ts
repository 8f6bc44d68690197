import { decodeUtf8 } from '@/lib/core/bytes';
import { parseBase64 } from '@/lib/core/encoding';
import { parseJson } from '@/lib/core/json';
import { err, ok, type Result } from '@/lib/core/result';
import { MAX_RECORD_BYTES, parseEnvelope } from '@/lib/integrity/dsse';
import type { RecordView } from './decision-detail';
import { type RecordPayload, recordPayload } from './record-payload';

export interface ReadRecord {
  payload: RecordPayload;
  /** The payload's JSON text exactly as it was signed. */
  text: string;
  keyid: string;
}

/**
 * Reads the payload out of a stored record. Reading verifies nothing: attacker-controlled bytes may read well.
 * @returns `record_unreadable` with the step that failed
 */
export function readRecord(view: Pick<RecordView, 'envelope'>): Result<ReadRecord, 'record_unreadable'> {
  const bytes = parseBase64(view.envelope);
  if (!bytes.ok) return err('record_unreadable', bytes.code);
  const envelope = parseEnvelope(bytes.value);
  if (!envelope.ok) return err('record_unreadable', envelope.code);
  const text = decodeUtf8(envelope.value.payload);
  if (!text.ok) return err('record_unreadable', text.code);
  const json = parseJson(text.value, { maxBytes: MAX_RECORD_BYTES });
  if (!json.ok) return err('record_unreadable', json.code);
  const payload = recordPayload.safeParse(json.value);
  if (!payload.success) return err('record_unreadable', `field ${payload.error.issues[0]?.path.join('.')}`);
  return ok({ payload: payload.data, text: text.value, keyid: envelope.value.signatures[0]?.keyid ?? '' });
}
