import { getPool } from '../database/pool';

export interface PublishedCheckpoint {
  size: number;
  /** 32 bytes. */
  root: Uint8Array;
  /** The signed note as first published. */
  note: Uint8Array;
  createdAtMs: number;
}

/** The latest published checkpoint; null before the log was opened. */
export async function getCheckpoint(): Promise<PublishedCheckpoint | null> {
  const rows = await getPool().query<{ size: number; root: Buffer; note: Buffer; created_at: Date }>({
    name: 'get-checkpoint',
    text: 'SELECT size, root, note, created_at FROM checkpoints ORDER BY size DESC LIMIT 1',
  });
  const row = rows.rows[0];
  if (!row) return null;
  return {
    size: row.size,
    root: new Uint8Array(row.root),
    note: new Uint8Array(row.note),
    createdAtMs: row.created_at.getTime(),
  };
}
