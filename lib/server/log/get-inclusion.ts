import { fillPlan, planInclusion } from '@/lib/integrity/merkle';
import { createTileReader, formatTilePath, tilesOfPlan } from '@/lib/integrity/tile';
import { findEntryIndex } from './find-entry-index';
import { getCheckpoint } from './get-checkpoint';
import { readTile } from './get-tile';

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

/** Proof that the record is under the latest published checkpoint; null while it still waits for one. */
export async function getInclusion(stream: string, position: number): Promise<Inclusion | null> {
  const checkpoint = await getCheckpoint();
  const index = await findEntryIndex(stream, position);
  if (!checkpoint || index === null || index >= checkpoint.size) return null;
  const plan = planInclusion(index, checkpoint.size);
  if (!plan.ok) return null;
  const tiles = new Map(
    await Promise.all(
      tilesOfPlan(plan.value, checkpoint.size).map(
        async (tile) => [formatTilePath(tile.level, tile.n, tile.width), await readTile(tile)] as const,
      ),
    ),
  );
  const getNode = createTileReader(
    checkpoint.size,
    ({ level, n, width }) => tiles.get(formatTilePath(level, n, width)) as Uint8Array,
  );
  return { index, size: checkpoint.size, hashes: fillPlan(plan.value, getNode), checkpoint: checkpoint.note };
}
