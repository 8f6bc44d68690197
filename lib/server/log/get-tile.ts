import { formatEntry } from '@/lib/integrity/entry';
import {
  formatEntryBundle,
  formatTile,
  levelWidth,
  TILE_WIDTH,
  type Tile,
  type TileLevel,
} from '@/lib/integrity/tile';
import { getPool } from '../database/pool';
import { getCheckpoint } from './get-checkpoint';
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

async function readBundle(n: number, width: number): Promise<Uint8Array> {
  const rows = await getPool().query<{ stream: string; position: number; link: Buffer }>({
    name: 'read-bundle',
    // Bounded before the join: a tile has at most 256 entries, however long the runs are.
    text: `WITH place AS MATERIALIZED (
        SELECT e.stream, p.position, e.index + p.position - e.position AS index
        FROM entries e, generate_series(e.position + greatest($1 - e.index, 0), e.position + least(e.count, $2 - e.index) - 1) AS p(position)
        WHERE e.index >= (SELECT coalesce(max(index), 0) FROM entries WHERE index <= $1::bigint) AND e.index < $2::bigint
        LIMIT ${TILE_WIDTH})
      SELECT stream, position, r.link FROM place JOIN records r USING (stream, position) ORDER BY index`,
    values: [n * TILE_WIDTH, n * TILE_WIDTH + width],
  });
  if (rows.rows.length !== width) throw new Error(`log: entry bundle ${n} lacks entries`);
  return formatEntryBundle(
    rows.rows.map(({ stream, position, link }) =>
      formatEntry({ stream, position, link: new Uint8Array(link) }),
    ),
  );
}
