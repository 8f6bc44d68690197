import type { Tx } from '../database/transaction';

/** Another console, as an administrator pinned it. */
export interface Peer {
  name: string;
  /** Its origin, without a slash at the end. */
  url: string;
  /** C2SP verifier key of its log. */
  logVkey: string;
  /** Ed25519 key of its signed requests, 32 bytes. */
  publicKey: Uint8Array;
}

interface Row {
  name: string;
  url: string;
  log_vkey: string;
  public_key: Buffer;
}

const COLUMNS = 'p.name, p.url, p.log_vkey, p.public_key';

function readPeer(row: Row): Peer {
  return {
    name: row.name,
    url: row.url,
    logVkey: row.log_vkey,
    publicKey: new Uint8Array(row.public_key),
  };
}

/** Peers from which this organisation takes parents. */
export async function listGivingPeers(tx: Tx, tenant: string): Promise<Peer[]> {
  const found = await tx.query<Row>(
    `SELECT ${COLUMNS} FROM mesh_peers p JOIN mesh_shares s ON s.peer = p.name
      WHERE s.tenant = $1 AND s.takes ORDER BY p.name`,
    [tenant],
  );
  return found.rows.map(readPeer);
}

export async function findPeer(tx: Tx, name: string): Promise<Peer | null> {
  const found = await tx.query<Row>(`SELECT ${COLUMNS} FROM mesh_peers p WHERE p.name = $1`, [name]);
  return found.rows[0] ? readPeer(found.rows[0]) : null;
}

/** All of them: the keys that may sign requests to us. */
export async function listPeerRows(tx: Tx): Promise<Peer[]> {
  const found = await tx.query<Row>(`SELECT ${COLUMNS} FROM mesh_peers p ORDER BY p.name`);
  return found.rows.map(readPeer);
}
