import { splitHashes } from '@/lib/integrity/entry-run';
import type { Tx } from '../database/transaction';
import { LogInconsistency } from './log-error';

/**
 * Hashes [from, to) of a tile level as the database holds them: leaves for level 0, roots of the full tiles below for
 * every other level.
 * @throws LogInconsistency `tile_missing`
 */
export async function readHashes(tx: Tx, level: number, from: number, to: number): Promise<Uint8Array[]> {
  const rows =
    level === 0
      ? await tx.query<{ hashes: Buffer }>({ ...READ_LEAVES, values: [from, to] })
      : await tx.query<{ hashes: Buffer }>(
          'SELECT root AS hashes FROM tiles WHERE level = $1 AND n >= $2 AND n < $3 ORDER BY n',
          [level - 1, from, to],
        );
  const hashes = rows.rows.flatMap((row) => splitHashes(new Uint8Array(row.hashes)));
  if (hashes.length !== to - from)
    throw new LogInconsistency('tile_missing', `level ${level}, hashes ${from} to ${to}`);
  return hashes;
}

const READ_LEAVES = {
  name: 'read-leaves',
  text: `SELECT substring(leaves FROM (32 * (greatest(index, $1) - index))::int + 1
        FOR (32 * (least(index + count, $2) - greatest(index, $1)))::int) AS hashes
    FROM entries
    WHERE index >= (SELECT coalesce(max(index), 0) FROM entries WHERE index <= $1::bigint) AND index < $2::bigint
    ORDER BY index`,
};
