import { parsePublicKey } from '@/lib/core/ed25519';
import { formatBase64url, parseBase64url } from '@/lib/core/encoding';
import { NOTE_KEY_TYPE, parseNoteKey } from '@/lib/integrity/note-key';
import type { AddPeerRequest } from '@/lib/mesh/mesh-requests';
import { serviceAddress } from '../adapters/service-address';
import { nowMs as clockNowMs } from '../clock';
import { inTransaction } from '../database/transaction';
import { ServiceError } from '../errors';
import { newId } from '../random';
import { journal } from '../records/journal';
import { getOwnIdentity } from './own-identity';
import { findPeer } from './peer-row';

/**
 * Pins another console: its address, its log's key and the key of its requests. Nothing is shared by this alone. A peer
 * belongs to the whole console; whoever registers the same one again changes nothing.
 * @throws ServiceError `peer_invalid`, `peer_exists` (the name, log or key is another peer's)
 */
export async function addPeer(
  input: AddPeerRequest & { tenant: string; by: string },
  { nowMs = clockNowMs() } = {},
): Promise<void> {
  const peer = requirePeerFields(input);
  await inTransaction(async (tx) => {
    const known = await findPeer(tx, peer.name);
    const same =
      known?.url === peer.url &&
      known.logVkey === peer.logVkey &&
      Buffer.compare(known.publicKey, peer.publicKey) === 0;
    if (same) return;
    const added = await tx.query(
      `INSERT INTO mesh_peers (name, url, log_vkey, public_key, added_at) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT DO NOTHING`,
      [peer.name, peer.url, peer.logVkey, Buffer.from(peer.publicKey), new Date(nowMs)],
    );
    if (!added.rowCount)
      throw new ServiceError('peer_exists', 'Its name, log or key is registered for another console.');
    await journal(tx, {
      tenant: input.tenant,
      kind: 'authority.changed',
      id: newId('rec', nowMs),
      body: {
        change: 'peer_added',
        peer: peer.name,
        url: peer.url,
        log_vkey: peer.logVkey,
        public_key: formatBase64url(peer.publicKey),
        changed_by: input.by,
      },
      occurredAtMs: nowMs,
    });
  });
}

function requirePeerFields(input: AddPeerRequest) {
  const url = serviceAddress.safeParse(input.url);
  if (!url.success || new URL(url.data).origin !== url.data)
    throw new ServiceError('peer_invalid', 'The address must be an origin, such as https://console.example.');
  const own = getOwnIdentity();
  const vkey = parseNoteKey(input.logVkey);
  if (!vkey.ok || vkey.value.type !== NOTE_KEY_TYPE.ed25519)
    throw new ServiceError('peer_invalid', 'The log’s verifier key is not one of a log.');
  const bytes = parseBase64url(input.publicKey);
  const publicKey = bytes.ok ? parsePublicKey(bytes.value) : bytes;
  if (!publicKey.ok)
    throw new ServiceError('peer_invalid', 'The request key is not a canonical Ed25519 key.');
  if (input.logVkey === own.logVkey || input.publicKey === own.publicKey)
    throw new ServiceError('peer_invalid', 'That is this very console.');
  return { name: input.name, url: url.data, logVkey: input.logVkey, publicKey: publicKey.value };
}
