/**
 * The Merkle tree of a CCF ledger. Neither leaves nor nodes carry a prefix (unlike RFC 6962); what keeps them apart is
 * that a leaf is over 96 bytes and a node over 64:
 *
 *   leaf = SHA-256( write set digest ‖ SHA-256(commit evidence) ‖ claims digest )
 *   node = SHA-256( left ‖ right )
 */
import { concatBytes, utf8 } from '@/lib/core/bytes';
import { sha256 } from '@/lib/core/hash';

export interface LeafComponents {
  readonly writeSetDigest: Uint8Array;
  /** `ce:<view>.<sequence number>:<hex>`. */
  readonly commitEvidence: string;
  readonly claimsDigest: Uint8Array;
}

/** A sibling on the way to the root, and on which side it stands. */
export interface ProofStep {
  readonly side: 'left' | 'right';
  readonly hash: Uint8Array;
}

export function ledgerLeaf({ writeSetDigest, commitEvidence, claimsDigest }: LeafComponents): Uint8Array {
  return sha256(concatBytes(writeSetDigest, sha256(utf8(commitEvidence)), claimsDigest));
}

/** Root of the tree that the leaf is in, if the steps are right. */
export function foldProof(leaf: Uint8Array, proof: readonly ProofStep[]): Uint8Array {
  return proof.reduce(
    (hash, step) =>
      sha256(step.side === 'left' ? concatBytes(step.hash, hash) : concatBytes(hash, step.hash)),
    leaf,
  );
}

/** `<view>.<sequence number>` of the transaction that commit evidence speaks of; null where it is of another form. */
export function transactionOf(commitEvidence: string): string | null {
  return /^ce:([0-9]{1,16}\.[0-9]{1,16}):[0-9a-f]{64}$/.exec(commitEvidence)?.[1] ?? null;
}
