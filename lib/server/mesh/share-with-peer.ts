import type { SharePeerRequest } from '@/lib/mesh/mesh-requests';
import { nowMs as clockNowMs } from '../clock';
import { inTransaction } from '../database/transaction';
import { ServiceError } from '../errors';
import { newId } from '../random';
import { journal } from '../records/journal';
import { findPeer } from './peer-row';

/**
 * Says what this organisation gives to a peer and takes from it: each direction by itself, each recorded.
 * @throws ServiceError `peer_unknown`
 */
export async function shareWithPeer(
  input: SharePeerRequest & { tenant: string; by: string },
  { nowMs = clockNowMs() } = {},
): Promise<void> {
  const { tenant, peer, gives, takes, by } = input;
  await inTransaction(async (tx) => {
    if (!(await findPeer(tx, peer)))
      throw new ServiceError('peer_unknown', 'No console of this name is registered.');
    await tx.query(
      `INSERT INTO mesh_shares (peer, tenant, gives, takes, changed_at) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (peer, tenant) DO UPDATE SET gives = $3, takes = $4, changed_at = $5`,
      [peer, tenant, gives, takes, new Date(nowMs)],
    );
    // What was not to be had before may be now.
    await tx.query('DELETE FROM foreign_attempts WHERE tenant = $1', [tenant]);
    await journal(tx, {
      tenant,
      kind: 'authority.changed',
      id: newId('rec', nowMs),
      body: { change: 'peer_shared', peer, gives, takes, changed_by: by },
      occurredAtMs: nowMs,
    });
  });
}
