import { blake2b512, type DigestAlgorithm, formatDigest, parseDigest, sha3_512, sha256 } from './hash';

const HASHES: Record<DigestAlgorithm, (bytes: Uint8Array) => Uint8Array> = {
  'sha-256': (bytes) => sha256(bytes),
  'sha3-512': (bytes) => sha3_512(bytes),
  'blake2b-512': (bytes) => blake2b512(bytes),
};

/** The digest of `bytes` under the algorithm that `expected` names, as text; null when `expected` is no digest. */
export function recomputeDigest(expected: string, bytes: Uint8Array): string | null {
  const parsed = parseDigest(expected);
  return parsed.ok ? formatDigest(parsed.value.alg, HASHES[parsed.value.alg](bytes)) : null;
}
