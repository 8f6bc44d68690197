import { formatBase64 } from '@/lib/core/encoding';
import { parseEnvelope } from '@/lib/integrity/dsse';
import { findSpan, type Span } from './lens-values';

/** The fields of a stored record, each where it stands in the bytes as they arrived; what is spelled in another way is left out. */
export function listEnvelopeSpans(bytes: Uint8Array): { field: string; span: Span }[] {
  const envelope = parseEnvelope(bytes);
  if (!envelope.ok) return [];
  const { payloadType, payload, signatures } = envelope.value;
  const [first] = signatures;
  const found: [string, Span | undefined][] = [
    ['payload type', findSpan(bytes, payloadType, 'plain')],
    ['payload', findSpan(bytes, formatBase64(payload), 'base64')],
  ];
  if (first) {
    const keyid = findSpan(bytes, `"${first.keyid}"`, 'plain');
    found.push(
      ['key id', keyid && { ...keyid, from: keyid.from + 1, to: keyid.to - 1 }],
      ['signature', findSpan(bytes, formatBase64(first.sig), 'base64')],
    );
  }
  return found.flatMap(([field, span]) => (span ? [{ field, span }] : []));
}
