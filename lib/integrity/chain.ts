/**
 * Layer 1: every record of a stream is linked to all before it.
 *
 *   digest_n = BLAKE2b-512(record bytes)
 *   link_0   = BLAKE2b-512("countersign/stream/v1\n" ‖ stream)
 *   link_n   = BLAKE2b-512("countersign/link/v1\n" ‖ link_{n-1} ‖ u64be(n) ‖ digest_n)        n from 1
 *
 * Worked example, stream `spiffe://example.org/agent/a`, first record the five bytes `hello`:
 *   link_0 = 19bf3a2002a6d9a4…
 *   link_1 = 50bb2a081276cfd7…
 */
import { concatBytes, u64be, utf8 } from '@/lib/core/bytes';
import { blake2b512 } from '@/lib/core/hash';
import { invariant } from '@/lib/core/invariant';

export const LINK_BYTES = 64;

const STREAM_DOMAIN = 'countersign/stream/v1\n';
const LINK_DOMAIN = utf8('countersign/link/v1\n');

/** link_0 of a stream, 64 bytes. */
export function genesisLink(stream: string): Uint8Array {
  return blake2b512(utf8(STREAM_DOMAIN + stream));
}

/** BLAKE2b-512 of the record as received, 64 bytes. */
export function recordDigest(bytes: Uint8Array): Uint8Array {
  return blake2b512(bytes);
}

/** link_n from link_{n-1}, the position n ≥ 1 and digest_n. */
export function nextLink(previous: Uint8Array, position: number, digest: Uint8Array): Uint8Array {
  invariant(previous.length === LINK_BYTES, 'nextLink: previous link must be 64 bytes');
  invariant(Number.isSafeInteger(position) && position >= 1, 'nextLink: positions start at 1');
  invariant(digest.length === LINK_BYTES, 'nextLink: digest must be 64 bytes');
  return blake2b512(concatBytes(LINK_DOMAIN, previous, u64be(position), digest));
}
