import { equalBytes } from '@/lib/core/bytes';
import { SHA_HASHES } from '@/lib/core/hash';
import type { DigestAlgorithm, Stamped } from '@/lib/integrity/witness/witness-report';

/** Digest of what was stamped; null where only a digest by another algorithm is known. */
export function digestOfStamped(stamped: Stamped, algorithm: DigestAlgorithm): Uint8Array | null {
  if (stamped.kind === 'bytes') return SHA_HASHES[algorithm](stamped.bytes);
  return stamped.algorithm === algorithm ? stamped.digest : null;
}

/** Whether bytes are those that were stamped. */
export function isStamped(stamped: Stamped, bytes: Uint8Array): boolean {
  return equalBytes(
    stamped.kind === 'bytes' ? stamped.bytes : stamped.digest,
    stamped.kind === 'bytes' ? bytes : SHA_HASHES[stamped.algorithm](bytes),
  );
}
