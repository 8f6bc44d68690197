import { jwkThumbprint } from '@/lib/core/ed25519';
import { nowMs as clockNowMs } from '../clock';
import { getPool } from '../database/pool';
import { ServiceError } from '../errors';
import { requireFreshSignature, requireSignedBy, requireUnused } from '../machine-auth/require-signature';
import { listPeerRows, type Peer } from './peer-row';

/**
 * Authenticates another console by RFC 9421, as producers are, under the key that was pinned for it.
 * @throws ServiceError `signature_missing`, `signature_invalid`, `content_digest_mismatch`, `signature_expired`,
 * `key_unknown`, `signature_replayed`
 */
export async function requirePeer(
  request: Request,
  bodyBytes: Uint8Array,
  { nowMs = clockNowMs() } = {},
): Promise<Peer> {
  const signature = requireFreshSignature(request, bodyBytes, nowMs);
  const peers = await listPeerRows(getPool());
  const peer = peers.find(({ publicKey }) => jwkThumbprint(publicKey) === signature.keyid);
  if (!peer) throw new ServiceError('key_unknown', 'No console is registered here with this key.');
  requireSignedBy(request, signature, peer.publicKey);
  await requireUnused(signature, nowMs);
  return peer;
}
