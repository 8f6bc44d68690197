import type { StoredRecord } from '@/lib/conditions/action-evidence';
import type { Tx } from '../database/transaction';

interface Row {
  stream: string;
  wanted: number;
  position: number;
  id: string;
  envelope: Buffer;
  link: Buffer;
  accepted_at: Date;
  leaf: Buffer | null;
}

export interface Place {
  stream: string;
  /** From 1. */
  position: number;
}

/** The records at these places with the one before and the one after each, and the log's leaves: one statement by keys. */
export async function readStoredRecords(tx: Tx, places: readonly Place[]): Promise<StoredRecord[]> {
  if (places.length === 0) return [];
  const found = await tx.query<Row>({
    name: 'read-stored-records',
    text: `SELECT w.stream, w.position AS wanted, r.position, r.id, r.envelope, r.link, r.accepted_at,
        CASE WHEN r.position = w.position
          THEN (SELECT nullif(substring(e.leaves FROM (32 * (r.position - e.position))::int + 1 FOR 32), ''::bytea)
            FROM entries e WHERE e.stream = r.stream AND e.position <= r.position ORDER BY e.position DESC LIMIT 1) END AS leaf
      FROM unnest($1::text[], $2::bigint[]) AS w(stream, position)
      JOIN records r ON r.stream = w.stream AND r.position IN (w.position - 1, w.position, w.position + 1)`,
    values: [places.map(({ stream }) => stream), places.map(({ position }) => position)],
  });
  return places.map(({ stream, position }) => {
    const near = found.rows.filter((row) => row.stream === stream && row.wanted === position);
    const own = near.find((row) => row.position === position);
    const before = near.find((row) => row.position === position - 1);
    const after = near.find((row) => row.position === position + 1);
    return {
      stream,
      position,
      row: own
        ? {
            id: own.id,
            envelope: new Uint8Array(own.envelope),
            link: new Uint8Array(own.link),
            acceptedAtMs: own.accepted_at.getTime(),
          }
        : null,
      linkBefore: before ? new Uint8Array(before.link) : null,
      after: after ? { envelope: new Uint8Array(after.envelope), link: new Uint8Array(after.link) } : null,
      leaf: own?.leaf ? new Uint8Array(own.leaf) : null,
    };
  });
}
