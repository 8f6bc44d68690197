/** Other consoles: what an administrator says of them, and what is shown of them. */
import * as z from 'zod';
import { publicKeyText } from '@/lib/producers/producer';

/** Short, as it appears in lineage and verification lines. */
export const peerName = z
  .string()
  .trim()
  .regex(/^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,63}$/u);

/** POST /api/v1/settings/peers: another console, by what its administrator tells. */
export const addPeerRequest = z.strictObject({
  name: peerName,
  /** Its origin, as its people and gateways use it. */
  url: z.string().max(500),
  /** C2SP verifier key of its log. */
  logVkey: z.string().max(4_000),
  /** The key with which it signs its requests to us. */
  publicKey: publicKeyText,
});
export type AddPeerRequest = z.infer<typeof addPeerRequest>;

/** POST /api/v1/settings/peers/shares: what this organisation and a peer may show each other. */
export const sharePeerRequest = z.strictObject({
  peer: peerName,
  /** The peer may fetch decisions of this organisation that its own continue. */
  gives: z.boolean(),
  /** Decisions of this organisation may continue decisions of the peer's. */
  takes: z.boolean(),
});
export type SharePeerRequest = z.infer<typeof sharePeerRequest>;

export interface PeerView {
  name: string;
  url: string;
  logVkey: string;
  publicKey: string;
  addedAt: string;
  gives: boolean;
  takes: boolean;
  /** Records held from there for this organisation. */
  held: number;
  /** The peer's checkpoint that this console cosigned last. */
  cosigned: { size: number; at: string } | null;
}

/** What the other console's administrator needs to know of this one. */
export interface OwnMeshIdentity {
  url: string;
  logVkey: string;
  publicKey: string;
  /** Where it submits its checkpoints to have them cosigned, and the key of those cosignatures. */
  witnessUrl: string;
  witnessVkey: string;
}
