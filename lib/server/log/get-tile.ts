import { formatTile, levelWidth, TILE_WIDTH, type Tile, type TileLevel } from '@/lib/integrity/tile';
import { getPool } from '../database/pool';
import { getCheckpoint } from './get-checkpoint';
import { readBundle } from './read-bundles';
import { readHashes } from './read-hashes';

/**
 * Bytes of a tile or entry bundle (C2SP tlog-tiles) as far as the published checkpoint covers it; null beyond.
 * A partial width is served as long as the tile has that many, also after it filled up.
 */
export async function getTile(level: TileLevel, n: number, width: number): Promise<Uint8Array | null> {
  const checkpoint = await getCheckpoint();
  const hashCount = levelWidth(level === 'entries' ? 0 : level, checkpoint?.size ?? 0);
  if (n * TILE_WIDTH + width > hashCount) return null;
  return level === 'entries' ? readBundle(n, width) : readTile({ level, n, width });
}

/** Bytes of a tile that the log is known to have. */
export async function readTile({ level, n, width }: Tile): Promise<Uint8Array> {
  const full = await getPool().query<{ hashes: Buffer }>({
    name: 'read-tile',
    text: 'SELECT hashes FROM tiles WHERE level = $1 AND n = $2',
    values: [level, n],
  });
  const stored = full.rows[0];
  if (stored) return new Uint8Array(stored.hashes).slice(0, width * 32);
  const start = n * TILE_WIDTH;
  return formatTile(await readHashes(getPool(), level, start, start + width));
}
