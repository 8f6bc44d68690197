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
      ? await tx.query<{ hash: Buffer }>(
          'SELECT leaf AS hash FROM entries WHERE index >= $1 AND index < $2 ORDER BY index',
          [from, to],
        )
      : await tx.query<{ hash: Buffer }>(
          'SELECT root AS hash FROM tiles WHERE level = $1 AND n >= $2 AND n < $3 ORDER BY n',
          [level - 1, from, to],
        );
  if (rows.rows.length !== to - from)
    throw new LogInconsistency('tile_missing', `level ${level}, hashes ${from} to ${to}`);
  return rows.rows.map(({ hash }) => new Uint8Array(hash));
}
