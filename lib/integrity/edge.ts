/**
 * The right edge of a growing Merkle tree: the roots of its complete subtrees, largest first (one per set bit
 * of the size). It is all that a log must keep to append leaves and to know its root.
 *
 *   bytes = u64be(size) ‖ hash …                                                8 + 32·popcount(size) bytes
 */
import { concatBytes, readU64be, u64be } from '@/lib/core/bytes';
import { invariant } from '@/lib/core/invariant';
import { err, ok, type Result } from '@/lib/core/result';
import { coverRange, foldRight, HASH_BYTES, nodeHash, type TreeNode } from '@/lib/integrity/merkle';

export type Edge = { readonly size: number; readonly hashes: readonly Uint8Array[] };

/** Told of each complete subtree as it comes to exist, the leaf itself (level 0) first. */
export type OnNode = (node: TreeNode, hash: Uint8Array) => void;

export const EMPTY_EDGE: Edge = { size: 0, hashes: [] };

/** The edge after one more leaf hash. */
export function appendLeaf(edge: Edge, leaf: Uint8Array, onNode?: OnNode): Edge {
  return appendLeaves(edge, [leaf], onNode);
}

/** The edge after more leaf hashes, in order. */
export function appendLeaves(edge: Edge, leaves: readonly Uint8Array[], onNode?: OnNode): Edge {
  const hashes = [...edge.hashes];
  let size = edge.size;
  for (const leaf of leaves) {
    invariant(leaf.length === HASH_BYTES, 'appendLeaves: leaf hashes are 32 bytes');
    let hash = leaf;
    let index = size;
    let level = 0;
    onNode?.({ level, index }, hash);
    while (index % 2 === 1) {
      const left = hashes.pop();
      invariant(left, 'appendLeaves: edge does not match its size');
      hash = nodeHash(left, hash);
      index = (index - 1) / 2;
      level++;
      onNode?.({ level, index }, hash);
    }
    hashes.push(hash);
    size++;
  }
  return { size, hashes };
}

/** Root of the tree; SHA-256("") when it is empty. */
export function edgeRoot(edge: Edge): Uint8Array {
  return foldRight(edge.hashes);
}

export function formatEdge(edge: Edge): Uint8Array {
  return concatBytes(u64be(edge.size), ...edge.hashes);
}

/** Inverse of `formatEdge`. It checks the shape; only a signed root can vouch for the hashes. */
export function parseEdge(bytes: Uint8Array): Result<Edge, 'edge_syntax'> {
  const size = readU64be(bytes);
  if (!size.ok) return err('edge_syntax');
  const count = coverRange(0, size.value).length;
  if (bytes.length !== 8 + count * HASH_BYTES) return err('edge_syntax');
  const hashes = Array.from({ length: count }, (_, i) =>
    bytes.slice(8 + i * HASH_BYTES, 8 + (i + 1) * HASH_BYTES),
  );
  return ok({ size: size.value, hashes });
}
