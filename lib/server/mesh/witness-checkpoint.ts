import { type NoteKey, parseNoteKey } from '@/lib/integrity/note-key';
import { parseAddCheckpoint } from '@/lib/integrity/witness/c2sp/add-checkpoint';
import {
  cosignCheckpoint,
  refuseCheckpoint,
  tellSize,
  type WitnessAnswer,
} from '@/lib/integrity/witness/c2sp/answer-add-checkpoint';
import { decideAddCheckpoint } from '@/lib/integrity/witness/c2sp/decide-add-checkpoint';
import { nowMs as clockNowMs } from '../clock';
import { inTransaction, type Tx } from '../database/transaction';
import { witnessSigner } from './own-identity';

/**
 * Cosigns a peer's checkpoint (C2SP tlog-witness): the peer is registered, its log signed it, and it continues the one
 * cosigned last. The new head is committed before the cosignature is made; requests about one log wait for each other.
 */
export async function witnessCheckpoint(
  body: Uint8Array,
  { nowMs = clockNowMs() } = {},
): Promise<WitnessAnswer> {
  const request = parseAddCheckpoint(body);
  if (!request.ok) return refuseCheckpoint('add_checkpoint_syntax');
  const { origin } = request.value;
  const outcome = await inTransaction(async (tx) => {
    const logKeys = await listPeerKeys(tx, origin);
    if (logKeys.length > 0)
      await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`countersign/peer/${origin}`]);
    const decided = decideAddCheckpoint({ logKeys, head: await findCosigned(tx, origin) }, request.value);
    if (decided.kind === 'cosign') {
      const { size, root, bytes } = decided.checkpoint;
      await tx.query(
        `INSERT INTO peer_checkpoints (origin, size, root, note, cosigned_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (origin, size) DO NOTHING`,
        [origin, size, Buffer.from(root), Buffer.from(bytes), new Date(nowMs)],
      );
    }
    return decided;
  });
  if (outcome.kind === 'refuse') return refuseCheckpoint(outcome.code);
  if (outcome.kind === 'retry') return tellSize(outcome.size);
  return cosignCheckpoint(outcome, witnessSigner(), nowMs);
}

async function listPeerKeys(tx: Tx, origin: string): Promise<NoteKey[]> {
  const peers = await tx.query<{ log_vkey: string }>(
    `SELECT log_vkey FROM mesh_peers WHERE starts_with(log_vkey, $1 || '+')`,
    [origin],
  );
  return peers.rows.flatMap(({ log_vkey }) => {
    const key = parseNoteKey(log_vkey);
    return key.ok && key.value.name === origin ? [key.value] : [];
  });
}

export interface CosignedHead {
  size: number;
  root: Uint8Array;
  /** The peer's signed checkpoint. */
  note: Uint8Array;
}

/** The largest head of this log that we cosigned; null when there is none. */
export async function findCosigned(tx: Tx, origin: string): Promise<CosignedHead | null> {
  const found = await tx.query<{ size: number; root: Buffer; note: Buffer }>(
    'SELECT size, root, note FROM peer_checkpoints WHERE origin = $1 ORDER BY size DESC LIMIT 1',
    [origin],
  );
  const row = found.rows[0];
  return row ? { size: row.size, root: new Uint8Array(row.root), note: new Uint8Array(row.note) } : null;
}
