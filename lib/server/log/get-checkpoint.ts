import { getPool } from '../database/pool';

export interface PublishedCheckpoint {
  size: number;
  /** 32 bytes. */
  root: Uint8Array;
  /** The signed note as first published. */
  note: Uint8Array;
  createdAtMs: number;
}

/** The published checkpoint of `size`, or the latest; null when there is none, as before the log was opened. */
export async function getCheckpoint(size: number | null = null): Promise<PublishedCheckpoint | null> {
  const rows = await getPool().query<{ size: number; root: Buffer; note: Buffer; created_at: Date }>(
    size === null
      ? {
          name: 'get-checkpoint',
          text: 'SELECT size, root, note, created_at FROM checkpoints ORDER BY size DESC LIMIT 1',
        }
      : {
          name: 'get-checkpoint-of-size',
          text: 'SELECT size, root, note, created_at FROM checkpoints WHERE size = $1',
          values: [size],
        },
  );
  const row = rows.rows[0];
  if (!row) return null;
  return {
    size: row.size,
    root: new Uint8Array(row.root),
    note: new Uint8Array(row.note),
    createdAtMs: row.created_at.getTime(),
  };
}
