/** DSSE envelopes with one Ed25519 signature. */
import { verifyEd25519 } from './signed-note';

/** The payload, when the key signed it; throws a sentence otherwise. */
export function openEnvelope(envelope: Uint8Array, key: Uint8Array): unknown {
  const { payloadType, payload, signatures } = JSON.parse(Buffer.from(envelope).toString('utf8'));
  const body = Buffer.from(payload, 'base64');
  const pae = Buffer.concat([
    Buffer.from(`DSSEv1 ${Buffer.byteLength(payloadType)} ${payloadType} ${body.length} `),
    body,
  ]);
  if (!verifyEd25519(key, pae, Buffer.from(signatures[0].sig, 'base64')))
    throw new Error('the producer did not sign these bytes');
  return JSON.parse(body.toString('utf8'));
}
