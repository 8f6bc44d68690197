import { fillPlan, type ProofPlan } from '@/lib/integrity/merkle';
import { createTileReader, formatTilePath, tilesOfPlan } from '@/lib/integrity/tile';
import { readTile } from './get-tile';

/** The hashes of a proof in the tree of `size`, from the log's own tiles. */
export async function readProof(plan: ProofPlan, size: number): Promise<Uint8Array[]> {
  const tiles = new Map(
    await Promise.all(
      tilesOfPlan(plan, size).map(
        async (tile) => [formatTilePath(tile.level, tile.n, tile.width), await readTile(tile)] as const,
      ),
    ),
  );
  const getNode = createTileReader(
    size,
    ({ level, n, width }) => tiles.get(formatTilePath(level, n, width)) as Uint8Array,
  );
  return fillPlan(plan, getNode);
}
