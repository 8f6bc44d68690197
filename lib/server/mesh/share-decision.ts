import { formatBase64 } from '@/lib/core/encoding';
import { formatTlogProof } from '@/lib/integrity/tlog-proof';
import type { ForeignDecision } from '@/lib/mesh/foreign-decision';
import { nowMs as clockNowMs } from '../clock';
import { getPool } from '../database/pool';
import { inTransaction } from '../database/transaction';
import { ServiceError } from '../errors';
import { listStreamMaterial } from '../integrity/list-stream-material';
import { getInclusion } from '../log/get-inclusion';
import { newId } from '../random';
import { journal } from '../records/journal';
import type { Peer } from './peer-row';

interface Row {
  tenant: string;
  stream: string;
  position: number;
  envelope: Buffer;
  accepted_at: Date;
  link_before: Buffer | null;
}

/**
 * A decision with its proof, for a peer to which its organisation gives decisions. That it was shown is recorded before it
 * leaves. What is not shared answers exactly like what does not exist.
 * @throws ServiceError `not_found`, `not_logged_yet`
 */
export async function shareDecision(
  peer: Peer,
  decisionId: string,
  { nowMs = clockNowMs() } = {},
): Promise<ForeignDecision> {
  const found = await getPool().query<Row>(
    `SELECT d.tenant, d.stream, d.position, r.envelope, r.accepted_at,
        (SELECT b.link FROM records b WHERE b.stream = d.stream AND b.position = d.position - 1) AS link_before
      FROM decisions d JOIN mesh_shares s ON s.tenant = d.tenant AND s.peer = $2 AND s.gives
      JOIN records r ON r.stream = d.stream AND r.position = d.position
      WHERE d.id = $1 LIMIT 2`,
    [decisionId, peer.name],
  );
  const [row, twin] = found.rows;
  if (!row || twin) throw new ServiceError('not_found', 'No decision of this id is shared with you.');
  const { tenant, stream, position } = row;
  const inclusion = await getInclusion(stream, position);
  if (!inclusion)
    throw new ServiceError(
      'not_logged_yet',
      'Its log has not taken it up yet; ask again after a checkpoint.',
    );
  const [material] = await listStreamMaterial(tenant, [stream]);
  if (!material) throw new ServiceError('not_found', 'No decision of this id is shared with you.');
  await inTransaction((tx) =>
    journal(tx, {
      tenant,
      kind: 'verification',
      id: newId('rec', nowMs),
      body: { decision_id: decisionId, shown_to: peer.name, stream, position },
      occurredAtMs: nowMs,
    }),
  );
  const { index, hashes, checkpoint } = inclusion;
  return {
    format: 'countersign/foreign-decision/v1',
    id: decisionId,
    stream,
    position,
    acceptedAt: row.accepted_at.toISOString(),
    envelope: row.envelope.toString('base64'),
    linkBefore: row.link_before?.toString('base64') ?? null,
    producer: material.producer,
    keys: material.keys,
    proof: formatBase64(formatTlogProof({ index, hashes, checkpoint })),
  };
}
