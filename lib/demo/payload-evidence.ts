import { concatBytes, utf8 } from '@/lib/core/bytes';
import { formatDigest, sha3_512 } from '@/lib/core/hash';
import type { SeededRandom } from './seeded-random';

/**
 * The evidence digest of a payload that its producer keeps (formats.md §2): SHA3-512 over 32 salt bytes and the
 * payload. The salt stays with the producer, so nobody can guess the payload from the record.
 */
export function payloadEvidence(random: SeededRandom, mediaType: string, text: string) {
  const salt = Uint8Array.from({ length: 32 }, () => random.integer(0, 255));
  const bytes = utf8(text);
  return {
    digest: formatDigest('sha3-512', sha3_512(concatBytes(salt, bytes))),
    media_type: mediaType,
    byte_count: bytes.length,
  };
}
