/**
 * The verification envelope of a package (v2): an Ed25519 signature over the canonical JSON of
 * {"attestation":verificationEnvelope.attestation,"bundle":cer,"envelopeType":"nexart.verification.envelope.v2"}. It covers
 * the whole record with its meta; everything else that the envelope says of itself is unsigned.
 */
import * as z from 'zod';
import { isJsonObject, type JsonObject, type JsonValue } from '@/lib/core/json';
import type { Check } from '@/lib/integrity/check';
import { CER_SENTENCES } from './cer-error';
import { type CerNode, checkNodeSignature } from './node-signature';

const ENVELOPE_TYPE = 'nexart.verification.envelope.v2';

const envelopeForm = z.looseObject({
  envelopeType: z.literal(ENVELOPE_TYPE),
  algorithm: z
    .string()
    .regex(/^ed25519$/i)
    .optional(),
  canonicalization: z
    .string()
    .regex(/^(jcs|rfc8785|rfc 8785)$/i)
    .optional(),
  kid: z.string().min(1).max(200).optional(),
  attestation: z.looseObject({ kid: z.string().min(1).max(200).optional() }),
});

const LINE = { id: 'cer.envelope', title: 'Verification envelope' };

/** Null when the package has no envelope. `nodeId` is the node that the receipt beside it names. */
export async function checkEnvelope(
  json: JsonObject,
  nodeId: string | null,
  nodes: readonly CerNode[],
): Promise<Check | null> {
  const { verificationEnvelope, verificationEnvelopeSignature, cer } = json;
  if (verificationEnvelope === undefined && verificationEnvelopeSignature === undefined) return null;
  const envelope = envelopeForm.safeParse(verificationEnvelope);
  const kid = envelope.success ? (envelope.data.attestation.kid ?? envelope.data.kid) : undefined;
  const isNamedTwice = envelope.success && envelope.data.kid !== undefined && envelope.data.kid !== kid;
  if (!envelope.success || kid === undefined || isNamedTwice) {
    const compared = CER_SENTENCES.cer_envelope_shape;
    return { ...LINE, verdict: 'invalid', code: 'cer_envelope_shape', compared };
  }
  const { attestation } = verificationEnvelope as { attestation: JsonValue };
  return checkNodeSignature(
    { ...LINE, compared: 'the signature over the whole record, its meta and the attestation' },
    'cer_envelope_signature',
    { attestation, bundle: cer as JsonValue, envelopeType: ENVELOPE_TYPE },
    verificationEnvelopeSignature,
    { nodeId, kid },
    nodes,
  );
}

/** An envelope inside a record's own `meta`, where the format forbids it: what its signature is over is published nowhere. */
export function checkBuriedEnvelope(json: JsonObject): Check | null {
  const meta = isJsonObject(json.meta) ? json.meta : {};
  if (meta.verificationEnvelope === undefined && meta.verificationEnvelopeSignature === undefined)
    return null;
  return {
    ...LINE,
    verdict: 'not-checked',
    compared: 'the envelope inside meta with the record',
    reason:
      'it stands inside the record, where no published rule says what its signature is over: ask for the package, in which it stands beside the record',
  };
}
