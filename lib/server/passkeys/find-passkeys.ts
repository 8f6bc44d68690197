import type { Tx } from '../database/transaction';

export interface ActivePasskey {
  credentialId: string;
  transports: string[];
}

/** A person's passkeys in one organisation that still count, the newest first. */
export async function findActivePasskeys(
  tx: Tx,
  owner: { tenant: string; person: string },
): Promise<ActivePasskey[]> {
  const { rows } = await tx.query<{ credential_id: string; transports: string[] }>(
    `SELECT credential_id, transports FROM passkeys
      WHERE tenant = $1 AND person = $2 AND retired_at IS NULL ORDER BY created_at DESC, id`,
    [owner.tenant, owner.person],
  );
  return rows.map((row) => ({ credentialId: row.credential_id, transports: row.transports }));
}
