import { planConsistency } from '@/lib/integrity/merkle';
import { readProof } from './read-proof';

/**
 * RFC 9162 consistency proof between two published checkpoints of this log; empty from the empty log.
 * @throws Error when `oldSize` is beyond `size`: a caller's bug, or a witness that saw another log
 */
export async function getConsistency(oldSize: number, size: number): Promise<Uint8Array[]> {
  if (oldSize === 0) return [];
  const plan = planConsistency(oldSize, size);
  if (!plan.ok) throw new Error(`log: no consistency proof from ${oldSize} to ${size}`);
  return readProof(plan.value, size);
}
