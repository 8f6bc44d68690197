import type { Tx } from '../database/transaction';

/** A record of another console as it is kept, with the key that is pinned for that console's log now. */
export interface ForeignRow {
  id: string;
  peer: string;
  vkey: string;
  /** `ForeignEvidence` as JSON bytes. */
  evidence: Uint8Array;
}

/** Which of these decisions are held from peers that this organisation takes parents from. */
export async function listForeignRecords(
  tx: Tx,
  tenant: string,
  ids: readonly string[],
): Promise<ForeignRow[]> {
  if (ids.length === 0) return [];
  const found = await tx.query<{ id: string; peer: string; log_vkey: string; evidence: Buffer }>(
    `SELECT f.id, f.peer, p.log_vkey, f.evidence FROM foreign_records f
       JOIN mesh_peers p ON p.name = f.peer JOIN mesh_shares s ON s.peer = f.peer AND s.tenant = f.tenant AND s.takes
      WHERE f.tenant = $1 AND f.id = ANY($2)`,
    [tenant, ids],
  );
  return found.rows.map(({ id, peer, log_vkey, evidence }) => ({
    id,
    peer,
    vkey: log_vkey,
    evidence: new Uint8Array(evidence),
  }));
}
