/**
 * A record is a DSSE envelope (secure-systems-lab/dsse v1.0.2), kept for ever as the bytes that arrived:
 *
 *   {"payloadType":"application/vnd.countersign.record.v1+json","payload":"<base64>",
 *    "signatures":[{"keyid":"<id>","sig":"<base64>"}]}                               at most 65,536 bytes
 *
 * What is signed is not the envelope but the pre-authentication encoding of type and payload, with lengths in
 * ASCII decimal bytes:
 *
 *   PAE(type, payload) = "DSSEv1" SP LEN(type) SP type SP LEN(payload) SP payload
 *
 * Worked example: PAE("http://example.com/HelloWorld", "hello world") =
 *   `DSSEv1 29 http://example.com/HelloWorld 11 hello world`
 *
 * The keyid is an unauthenticated hint: it only chooses which of the caller's keys must verify.
 */
import { concatBytes, decodeUtf8, utf8 } from '@/lib/core/bytes';
import { signEd25519, verifyEd25519, verifyEd25519Async } from '@/lib/core/ed25519';
import { formatBase64, parseBase64 } from '@/lib/core/encoding';
import { isForeignId } from '@/lib/core/id';
import { invariant } from '@/lib/core/invariant';
import { isJsonObject, type JsonValue, parseJson } from '@/lib/core/json';
import { err, ok, type Result } from '@/lib/core/result';

export const RECORD_PAYLOAD_TYPE = 'application/vnd.countersign.record.v1+json';
export const MAX_RECORD_BYTES = 65_536;
const MAX_SIGNATURES = 16;
const RECORD_TYPE_BYTES = utf8(RECORD_PAYLOAD_TYPE).length;

export type EnvelopeSignature = { readonly keyid: string; readonly sig: Uint8Array };

/** `bytes` are the received ones; `payload` are the decoded bytes that the signatures cover. */
export type Envelope = {
  readonly bytes: Uint8Array;
  readonly payloadType: string;
  readonly payload: Uint8Array;
  readonly signatures: readonly EnvelopeSignature[];
};

export type EnvelopeKey = { readonly keyid: string; readonly publicKey: Uint8Array };

export type EnvelopeErrorCode =
  | 'record_too_large'
  | 'envelope_syntax'
  | 'envelope_shape'
  | 'envelope_base64'
  | 'payload_type_unknown'
  | 'signature_missing';

/** DSSE v1 pre-authentication encoding. */
export function pae(payloadType: string, payload: Uint8Array): Uint8Array {
  const typeBytes = payloadType === RECORD_PAYLOAD_TYPE ? RECORD_TYPE_BYTES : utf8(payloadType).length;
  return concatBytes(utf8(`DSSEv1 ${typeBytes} ${payloadType} ${payload.length} `), payload);
}

/**
 * Reads hostile bytes as an envelope. Exactly the three members (any order) and exactly `keyid` and `sig` in
 * each signature; base64 standard or URL-safe as DSSE allows, always padded and canonical. The payload's own
 * JSON is not read here.
 */
export function parseEnvelope(bytes: Uint8Array): Result<Envelope, EnvelopeErrorCode> {
  if (bytes.length > MAX_RECORD_BYTES) return err('record_too_large');
  const text = decodeUtf8(bytes);
  if (!text.ok) return err('envelope_syntax', text.code);
  const json = parseJson(text.value, { maxDepth: 3, maxBytes: MAX_RECORD_BYTES });
  if (!json.ok) return err('envelope_syntax', json.code);
  const members = json.value;
  if (!isJsonObject(members) || !hasExactly(members, ['payloadType', 'payload', 'signatures'])) {
    return err('envelope_shape', 'members');
  }
  const { payloadType, payload, signatures } = members;
  if (typeof payloadType !== 'string' || typeof payload !== 'string' || !Array.isArray(signatures)) {
    return err('envelope_shape', 'member types');
  }
  if (payloadType !== RECORD_PAYLOAD_TYPE) return err('payload_type_unknown');
  if (signatures.length === 0) return err('signature_missing');
  if (signatures.length > MAX_SIGNATURES) return err('envelope_shape', 'too many signatures');
  const payloadBytes = parseDsseBase64(payload);
  if (!payloadBytes) return err('envelope_base64', 'payload');
  const parsed: EnvelopeSignature[] = [];
  for (const signature of signatures) {
    const read = parseSignature(signature);
    if (!read.ok) return read;
    parsed.push(read.value);
  }
  return ok({ bytes, payloadType, payload: payloadBytes, signatures: parsed });
}

/** The one spelling in which we print an envelope: members in DSSE's order, no white space. */
export function formatEnvelope(parts: {
  payload: Uint8Array;
  keyid: string;
  signature: Uint8Array;
}): Uint8Array {
  invariant(isForeignId(parts.keyid), 'formatEnvelope: keyid');
  const payload = formatBase64(parts.payload);
  const sig = formatBase64(parts.signature);
  return utf8(
    `{"payloadType":"${RECORD_PAYLOAD_TYPE}","payload":"${payload}","signatures":[{"keyid":"${parts.keyid}","sig":"${sig}"}]}`,
  );
}

/** Signs a record payload (JSON bytes) with a 32-byte seed and prints the envelope. */
export function signEnvelope(payload: Uint8Array, keyid: string, seed: Uint8Array): Uint8Array {
  const signature = signEd25519(seed, pae(RECORD_PAYLOAD_TYPE, payload));
  return formatEnvelope({ payload, keyid, signature });
}

export type EnvelopeVerification = Result<{ keyid: string }, 'key_unknown' | 'signature_invalid'>;

/**
 * Every signature whose keyid is among `keys` must verify; at least one must be. Signatures by other keyids
 * prove nothing and are ignored. Returns the first verified keyid.
 */
export function verifyEnvelope(envelope: Envelope, keys: readonly EnvelopeKey[]): EnvelopeVerification {
  const message = pae(envelope.payloadType, envelope.payload);
  const pairs = pairsToVerify(envelope, keys);
  return decideVerification(
    pairs,
    pairs.map(({ key, sig }) => verifyEd25519(key.publicKey, message, sig)),
  );
}

/** `verifyEnvelope` off the calling thread. */
export async function verifyEnvelopeAsync(
  envelope: Envelope,
  keys: readonly EnvelopeKey[],
): Promise<EnvelopeVerification> {
  const message = pae(envelope.payloadType, envelope.payload);
  const pairs = pairsToVerify(envelope, keys);
  return decideVerification(
    pairs,
    await Promise.all(pairs.map(({ key, sig }) => verifyEd25519Async(key.publicKey, message, sig))),
  );
}

type Pair = { readonly key: EnvelopeKey; readonly sig: Uint8Array };

function pairsToVerify(envelope: Envelope, keys: readonly EnvelopeKey[]): Pair[] {
  return envelope.signatures.flatMap(({ keyid, sig }) => {
    const key = keys.find((candidate) => candidate.keyid === keyid);
    return key ? [{ key, sig }] : [];
  });
}

function decideVerification(pairs: readonly Pair[], valid: readonly boolean[]): EnvelopeVerification {
  const first = pairs[0];
  if (!first) return err('key_unknown');
  return valid.every(Boolean) ? ok({ keyid: first.key.keyid }) : err('signature_invalid');
}

function parseSignature(value: JsonValue): Result<EnvelopeSignature, 'envelope_shape' | 'envelope_base64'> {
  if (!isJsonObject(value) || !hasExactly(value, ['keyid', 'sig'])) return err('envelope_shape', 'signature');
  const { keyid, sig } = value;
  if (typeof keyid !== 'string' || typeof sig !== 'string' || !isForeignId(keyid)) {
    return err('envelope_shape', 'signature');
  }
  const bytes = parseDsseBase64(sig);
  return bytes ? ok({ keyid, sig: bytes }) : err('envelope_base64', 'signature');
}

function parseDsseBase64(text: string): Uint8Array | undefined {
  const standard = parseBase64(text);
  if (standard.ok) return standard.value;
  if (/[+/]/.test(text)) return undefined;
  const urlSafe = parseBase64(text.replaceAll('-', '+').replaceAll('_', '/'));
  return urlSafe.ok ? urlSafe.value : undefined;
}

function hasExactly(object: object, keys: readonly string[]): boolean {
  return Object.keys(object).length === keys.length && keys.every((key) => Object.hasOwn(object, key));
}
