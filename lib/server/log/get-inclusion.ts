import { planInclusion } from '@/lib/integrity/merkle';
import { findEntryIndex } from './find-entry-index';
import { getCheckpoint } from './get-checkpoint';
import { readProof } from './read-proof';

export interface Inclusion {
  /** Leaf index, from 0. */
  index: number;
  /** Size of the tree that the checkpoint signs. */
  size: number;
  /** Inclusion proof, the leaf's sibling first; 32 bytes each. */
  hashes: Uint8Array[];
  /** The signed note as first published. */
  checkpoint: Uint8Array;
}

/**
 * Proof that the record is under the published checkpoint of `size` (default: the latest); null while it still waits for
 * one, and when no checkpoint of that size was published or the record came after it.
 */
export async function getInclusion(
  stream: string,
  position: number,
  { size }: { size?: number } = {},
): Promise<Inclusion | null> {
  const checkpoint = await getCheckpoint(size);
  const index = await findEntryIndex(stream, position);
  if (!checkpoint || index === null || index >= checkpoint.size) return null;
  const plan = planInclusion(index, checkpoint.size);
  if (!plan.ok) return null;
  const hashes = await readProof(plan.value, checkpoint.size);
  return { index, size: checkpoint.size, hashes, checkpoint: checkpoint.note };
}
