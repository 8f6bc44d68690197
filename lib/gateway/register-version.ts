import { utf8 } from '@/lib/core/bytes';
import { formatDigest, sha256 } from '@/lib/core/hash';
import { failure, type GatewayResult } from './gateway-result';
import type { Transport } from './transport';
import { versionAnswer } from './wire';

/** The content of a version that decisions run under. It must hold no personal data. */
export interface NewVersion {
  kind: 'prompt' | 'policy' | 'model' | 'index' | 'guardrail' | 'threshold' | 'routing';
  /** As decision records name it; a model as `provider/name`. */
  name: string;
  version: string;
  mediaType: string;
  content: string;
}

const REPEATABLE = 4;
const TIMEOUT_MS = 60_000;

/**
 * Registers a version's content, so that years later "as of then" opens the very text.
 * @returns the digest that decision records must name
 */
export async function sendVersion(
  transport: Transport,
  { mediaType, content, ...named }: NewVersion,
): Promise<GatewayResult<{ digest: string }>> {
  const digest = formatDigest('sha-256', sha256(utf8(content)));
  const answer = await transport.sendJson(versionAnswer, {
    method: 'POST',
    path: '/api/v1/versions',
    body: utf8(JSON.stringify({ ...named, media_type: mediaType, content, digest })),
    attempts: REPEATABLE,
    timeoutMs: TIMEOUT_MS,
  });
  if (!answer.ok) return answer;
  return answer.value.digest === digest
    ? { ok: true, value: { digest } }
    : failure('response_malformed', { detail: 'another digest' });
}
