import { invariant } from '@/lib/core/invariant';
import { appendLeaves, type Edge } from '@/lib/integrity/edge';
import { formatTile, levelWidth, TILE_HEIGHT, TILE_WIDTH } from '@/lib/integrity/tile';

/** A tile that became full: its 256 hashes, and the root over them, which is one hash of the level above. */
export interface FullTile {
  level: number;
  n: number;
  hashes: Uint8Array;
  root: Uint8Array;
}

/** Hashes [from, to) that tile level `level` had before the new leaves. */
export type ReadHashes = (level: number, from: number, to: number) => Promise<Uint8Array[]>;

/**
 * The tree's right edge after new leaves, and every tile that they completed. Reads what a half-full tile held
 * before, once per level, so the cost per leaf does not grow with the log.
 */
export async function buildTiles(
  edge: Edge,
  leaves: readonly Uint8Array[],
  readHashes: ReadHashes,
): Promise<{ edge: Edge; tiles: FullTile[] }> {
  // Level 0 is the leaves themselves; above it only the roots of full tiles are kept, in order.
  const fresh: Uint8Array[][] = [[...leaves]];
  const grown = appendLeaves(edge, leaves, ({ level }, hash) => {
    if (level === 0 || level % TILE_HEIGHT !== 0) return;
    const tileLevel = level / TILE_HEIGHT;
    const hashes = fresh[tileLevel] ?? [];
    hashes.push(hash);
    fresh[tileLevel] = hashes;
  });
  const tiles: FullTile[] = [];
  for (let level = 0; levelWidth(level + 1, grown.size) > 0; level++) {
    const before = levelWidth(level, edge.size);
    const fullBefore = levelWidth(level + 1, edge.size);
    const fullAfter = levelWidth(level + 1, grown.size);
    for (let n = fullBefore; n < fullAfter; n++) {
      const start = n * TILE_WIDTH;
      const kept = start < before ? await readHashes(level, start, before) : [];
      const from = start + kept.length - before;
      const added = fresh[level]?.slice(from, from + TILE_WIDTH - kept.length) ?? [];
      const root = fresh[level + 1]?.[n - fullBefore];
      invariant(
        root && kept.length + added.length === TILE_WIDTH,
        'buildTiles: a completed tile has all hashes',
      );
      tiles.push({ level, n, hashes: formatTile([...kept, ...added]), root });
    }
  }
  return { edge: grown, tiles };
}
