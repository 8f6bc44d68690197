import { formatBase64url } from '@/lib/core/encoding';
import type { PeerView } from '@/lib/mesh/mesh-requests';
import { getPool } from '../database/pool';

/** The registered consoles with what this organisation shares with each, in name order. */
export async function listPeers(tenant: string): Promise<PeerView[]> {
  const found = await getPool().query<{
    name: string;
    url: string;
    log_vkey: string;
    public_key: Buffer;
    added_at: Date;
    gives: boolean;
    takes: boolean;
    held: number;
    size: number | null;
    cosigned_at: Date | null;
  }>(
    `SELECT p.name, p.url, p.log_vkey, p.public_key, p.added_at, coalesce(s.gives, false) AS gives,
        coalesce(s.takes, false) AS takes, c.size, c.cosigned_at,
        (SELECT count(*)::int FROM foreign_records f WHERE f.tenant = $1 AND f.peer = p.name) AS held
      FROM mesh_peers p LEFT JOIN mesh_shares s ON s.peer = p.name AND s.tenant = $1
      LEFT JOIN LATERAL (SELECT size, cosigned_at FROM peer_checkpoints
        WHERE origin = split_part(p.log_vkey, '+', 1) ORDER BY size DESC LIMIT 1) c ON true
      ORDER BY p.name`,
    [tenant],
  );
  return found.rows.map((row) => ({
    name: row.name,
    url: row.url,
    logVkey: row.log_vkey,
    publicKey: formatBase64url(row.public_key),
    addedAt: row.added_at.toISOString(),
    gives: row.gives,
    takes: row.takes,
    held: row.held,
    cosigned:
      row.size === null || row.cosigned_at === null
        ? null
        : { size: row.size, at: row.cosigned_at.toISOString() },
  }));
}
