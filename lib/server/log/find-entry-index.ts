import { getPool } from '../database/pool';
import type { Tx } from '../database/transaction';

/** Leaf index, from 0, of a record in the log; null while the log has not taken it up. */
export async function findEntryIndex(
  stream: string,
  position: number,
  tx: Tx = getPool(),
): Promise<number | null> {
  const rows = await tx.query<{ index: number; covered: boolean }>({
    name: 'find-entry',
    text: `SELECT index + $2::bigint - position AS index, $2::bigint < position + count AS covered
      FROM entries WHERE stream = $1 AND position <= $2::bigint ORDER BY position DESC LIMIT 1`,
    values: [stream, position],
  });
  const run = rows.rows[0];
  return run?.covered ? run.index : null;
}
