import { concatBytes, utf8 } from '@/lib/core/bytes';
import { formatBase64 } from '@/lib/core/encoding';
import { formatDigest, sha3_512 } from '@/lib/core/hash';
import { failure, type GatewayResult } from './gateway-result';
import type { Transport } from './transport';
import { payloadAnswer } from './wire';

/** Content that a record will name. */
export interface NewPayload {
  /** Subject token whose erasure must erase it. */
  subject: string;
  mediaType: string;
  content: Uint8Array;
  /** 32 random bytes, never used for other content. */
  salt: Uint8Array;
}

/** What a record says of it (`input` or `output.payload`). */
export type PayloadReference = { ref: string; digest: string; media_type: string; byte_count: number };

const REPEATABLE = 4;
const TIMEOUT_MS = 60_000;

/**
 * Hands content over to be kept beside the records. The digest is computed here: what the console answers must be the same,
 * so that a record never names content that is not the one that was sent.
 */
export async function sendPayload(
  transport: Transport,
  { subject, mediaType, content, salt }: NewPayload,
): Promise<GatewayResult<PayloadReference>> {
  const body = { subject, media_type: mediaType, salt: formatBase64(salt), content: formatBase64(content) };
  const answer = await transport.sendJson(payloadAnswer, {
    method: 'POST',
    path: '/api/v1/payloads',
    body: utf8(JSON.stringify(body)),
    attempts: REPEATABLE,
    timeoutMs: TIMEOUT_MS,
  });
  if (!answer.ok) return answer;
  const { ref, digest } = answer.value;
  const own = formatDigest('sha3-512', sha3_512(concatBytes(salt, content)));
  if (digest !== own) return failure('response_malformed', { detail: 'another digest' });
  return { ok: true, value: { ref, digest, media_type: mediaType, byte_count: content.length } };
}
