import type { addPeer } from '@/lib/server/mesh/add-peer';
import type { getOwnIdentity } from '@/lib/server/mesh/own-identity';
import type { shareWithPeer } from '@/lib/server/mesh/share-with-peer';

/** The peer's one organisation. */
export const PEER_TENANT = 'ward';

/** What a test asks of the peer's process, and what it is told. */
export interface PeerOrders {
  identity: { asks: null; tells: ReturnType<typeof getOwnIdentity> };
  pin: { asks: Parameters<typeof addPeer>[0]; tells: null };
  share: { asks: Parameters<typeof shareWithPeer>[0]; tells: null };
  /** Records decisions under these ids and signs a checkpoint over them. */
  decide: { asks: { ids: string[]; checkpoint: boolean }; tells: number };
  /** Another tree of this size, signed by its log's key: the note, base64. */
  fork: { asks: { size: number }; tells: string };
  /** The body of an add-checkpoint request from `oldSize`, base64. */
  submission: { asks: { oldSize: number }; tells: string };
}
