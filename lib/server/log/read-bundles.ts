import { formatEntry } from '@/lib/integrity/entry';
import { formatEntryBundle, TILE_WIDTH } from '@/lib/integrity/tile';
import { getPool } from '../database/pool';
import { getCheckpoint } from './get-checkpoint';

/** Bundles that one call may ask for: 16,384 entries. */
export const MOST_BUNDLES = 64;
const BUNDLES_A_QUERY = 8;

/** The bytes of an entry bundle that the log is known to have. @throws Error when the log lacks entries */
export async function readBundle(n: number, width: number): Promise<Uint8Array> {
  return formatEntryBundle(await readEntries(n * TILE_WIDTH, width));
}

/** Full entry bundles `first`, `first` + 1, … a few at a time; null where the published checkpoint does not reach. */
export async function readBundles(first: number, count: number): Promise<AsyncGenerator<Uint8Array> | null> {
  const checkpoint = await getCheckpoint();
  if (count > MOST_BUNDLES || (first + count) * TILE_WIDTH > (checkpoint?.size ?? 0)) return null;
  return pages(first, first + count);
}

async function* pages(first: number, end: number): AsyncGenerator<Uint8Array> {
  for (let n = first; n < end; n += BUNDLES_A_QUERY) {
    const entries = await readEntries(n * TILE_WIDTH, Math.min(BUNDLES_A_QUERY, end - n) * TILE_WIDTH);
    for (let at = 0; at < entries.length; at += TILE_WIDTH)
      yield formatEntryBundle(entries.slice(at, at + TILE_WIDTH));
  }
}

async function readEntries(from: number, count: number): Promise<Uint8Array[]> {
  const rows = await getPool().query<{ stream: string; position: number; link: Buffer }>({
    name: 'read-bundle',
    // Bounded before the join: so many entries are asked for, however long the runs are.
    text: `WITH place AS MATERIALIZED (
        SELECT e.stream, p.position, e.index + p.position - e.position AS index
        FROM entries e, generate_series(e.position + greatest($1 - e.index, 0), e.position + least(e.count, $2 - e.index) - 1) AS p(position)
        WHERE e.index >= (SELECT coalesce(max(index), 0) FROM entries WHERE index <= $1::bigint) AND e.index < $2::bigint
        LIMIT $3)
      SELECT stream, position, r.link FROM place JOIN records r USING (stream, position) ORDER BY index`,
    values: [from, from + count, count],
  });
  if (rows.rows.length !== count)
    throw new Error(`log: entries ${from} to ${from + count - 1} are not all there`);
  return rows.rows.map(({ stream, position, link }) =>
    formatEntry({ stream, position, link: new Uint8Array(link) }),
  );
}
