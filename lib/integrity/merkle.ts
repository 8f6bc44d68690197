/**
 * The Merkle tree of RFC 6962 §2.1 / RFC 9162 §2.1 over SHA-256:
 *
 *   leaf = SHA-256(0x00 ‖ entry)      node = SHA-256(0x01 ‖ left ‖ right)      empty = SHA-256("")
 *
 * Worked example: leafHash("") = 6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d.
 *
 * Proofs are first planned (which complete subtrees go into which proof hash), so that a caller whose nodes
 * live in tiles can fetch exactly what is needed before anything is hashed.
 */
import { concatBytes, equalBytes } from '@/lib/core/bytes';
import { sha256 } from '@/lib/core/hash';
import { invariant } from '@/lib/core/invariant';
import { err, ok, type Result } from '@/lib/core/result';

export const HASH_BYTES = 32;

/** Root of the tree without leaves. */
export const EMPTY_ROOT: Uint8Array = sha256(new Uint8Array(0));

/** A complete subtree: at `level` 0 the leaf `index`, at level h the 2^h leaves from `index`·2^h. */
export type TreeNode = { readonly level: number; readonly index: number };

/** Hash of a complete subtree of the tree at hand. */
export type GetNode = (level: number, index: number) => Uint8Array;

/** The subtrees, left to right, whose fold is one proof hash. */
export type ProofPlan = readonly (readonly TreeNode[])[];

export type ProofErrorCode =
  | 'index_out_of_range'
  | 'size_out_of_range'
  | 'hash_length'
  | 'proof_length'
  | 'root_mismatch';

// Hashing is synchronous and keeps nothing, so one input buffer serves every leaf and one every node.
const leafInput = new Uint8Array(1 + 0xffff);

/** SHA-256(0x00 ‖ entry). */
export function leafHash(entry: Uint8Array): Uint8Array {
  if (entry.length >= leafInput.length) return sha256(concatBytes(Uint8Array.of(0x00), entry));
  leafInput.set(entry, 1);
  return sha256(leafInput.subarray(0, 1 + entry.length));
}

const nodeInput = new Uint8Array(1 + 2 * HASH_BYTES);
nodeInput[0] = 0x01;

/** SHA-256(0x01 ‖ left ‖ right), of two 32-byte hashes. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  invariant(left.length === HASH_BYTES && right.length === HASH_BYTES, 'nodeHash: hashes are 32 bytes');
  nodeInput.set(left, 1);
  nodeInput.set(right, 1 + HASH_BYTES);
  return sha256(nodeInput);
}

/** Folds hashes of complete subtrees, left to right and growing smaller, into the root of their range. */
export function foldRight(hashes: readonly Uint8Array[]): Uint8Array {
  const last = hashes.at(-1);
  if (!last) return EMPTY_ROOT;
  let root = last;
  for (let i = hashes.length - 2; i >= 0; i--) root = nodeHash(hashes[i] as Uint8Array, root);
  return root;
}

/** The complete subtrees, left to right, that make up the leaves [from, to). */
export function coverRange(from: number, to: number): TreeNode[] {
  const nodes: TreeNode[] = [];
  let start = from;
  while (start < to) {
    let level = 0;
    let span = 1;
    while (start % (span * 2) === 0 && start + span * 2 <= to) {
      span *= 2;
      level++;
    }
    nodes.push({ level, index: start / span });
    start += span;
  }
  return nodes;
}

/** Root of the first `size` leaves. */
export function treeRoot(size: number, getNode: GetNode): Uint8Array {
  invariant(isSize(size), 'treeRoot: size');
  return foldRight(coverRange(0, size).map(({ level, index }) => getNode(level, index)));
}

/** Which subtrees prove leaf `index` in the tree of `size`, sibling first (RFC 9162 §2.1.3.1). */
export function planInclusion(index: number, size: number): Result<ProofPlan, 'index_out_of_range'> {
  if (!isSize(index) || !isSize(size) || index >= size) return err('index_out_of_range');
  const plan: TreeNode[][] = [];
  let from = 0;
  let to = size;
  while (to - from > 1) {
    const middle = from + splitSpan(to - from);
    if (index < middle) {
      plan.push(coverRange(middle, to));
      to = middle;
    } else {
      plan.push(coverRange(from, middle));
      from = middle;
    }
  }
  return ok(plan.reverse());
}

/** Which subtrees prove that the tree of `size1` ≥ 1 is a prefix of that of `size2` (RFC 9162 §2.1.4.1). */
export function planConsistency(size1: number, size2: number): Result<ProofPlan, 'size_out_of_range'> {
  if (!isSize(size1) || !isSize(size2) || size1 < 1 || size1 > size2) return err('size_out_of_range');
  const plan: TreeNode[][] = [];
  let from = 0;
  let to = size2;
  let wholeOldTree = true;
  while (to !== size1) {
    const middle = from + splitSpan(to - from);
    if (size1 <= middle) {
      plan.push(coverRange(middle, to));
      to = middle;
    } else {
      plan.push(coverRange(from, middle));
      from = middle;
      wholeOldTree = false;
    }
  }
  if (!wholeOldTree) plan.push(coverRange(from, to));
  return ok(plan.reverse());
}

/** Hashes of a plan. */
export function fillPlan(plan: ProofPlan, getNode: GetNode): Uint8Array[] {
  return plan.map((nodes) => foldRight(nodes.map(({ level, index }) => getNode(level, index))));
}

/** Inclusion proof of leaf `index` in the tree of `size`. */
export function inclusionProof(
  index: number,
  size: number,
  getNode: GetNode,
): Result<Uint8Array[], 'index_out_of_range'> {
  const plan = planInclusion(index, size);
  return plan.ok ? ok(fillPlan(plan.value, getNode)) : plan;
}

/** Consistency proof from `size1` ≥ 1 to `size2`. */
export function consistencyProof(
  size1: number,
  size2: number,
  getNode: GetNode,
): Result<Uint8Array[], 'size_out_of_range'> {
  const plan = planConsistency(size1, size2);
  return plan.ok ? ok(fillPlan(plan.value, getNode)) : plan;
}

/** Checks attacker-controlled evidence that a leaf hash is leaf `index` under `root` (RFC 9162 §2.1.3.2). */
export function verifyInclusion(evidence: {
  index: number;
  size: number;
  leaf: Uint8Array;
  proof: readonly Uint8Array[];
  root: Uint8Array;
}): Result<true, ProofErrorCode> {
  const { index, size, leaf, proof, root } = evidence;
  if (!isSize(index) || !isSize(size) || index >= size) return err('index_out_of_range');
  if (!areHashes([leaf, root, ...proof])) return err('hash_length');
  let fn = index;
  let sn = size - 1;
  let hash = leaf;
  for (const sibling of proof) {
    if (sn === 0) return err('proof_length');
    if (fn % 2 === 1 || fn === sn) {
      hash = nodeHash(sibling, hash);
      while (fn % 2 === 0 && fn !== 0) {
        fn = half(fn);
        sn = half(sn);
      }
    } else {
      hash = nodeHash(hash, sibling);
    }
    fn = half(fn);
    sn = half(sn);
  }
  if (sn !== 0) return err('proof_length');
  return equalBytes(hash, root) ? ok(true) : err('root_mismatch');
}

/**
 * Checks attacker-controlled evidence that the tree (`size1`, `root1`) is a prefix of (`size2`, `root2`)
 * (RFC 9162 §2.1.4.2). From the empty tree there is nothing to prove: `size1` = 0 is `size_out_of_range`. Trees of one size
 * are consistent when their roots are the same, whatever these are: nothing is hashed then.
 */
export function verifyConsistency(evidence: {
  size1: number;
  size2: number;
  root1: Uint8Array;
  root2: Uint8Array;
  proof: readonly Uint8Array[];
}): Result<true, ProofErrorCode> {
  const { size1, size2, root1, root2, proof } = evidence;
  if (!isSize(size1) || !isSize(size2) || size1 < 1 || size1 > size2) return err('size_out_of_range');
  if (size1 === size2) {
    if (proof.length !== 0) return err('proof_length');
    return equalBytes(root1, root2) ? ok(true) : err('root_mismatch');
  }
  if (!areHashes([root1, root2, ...proof])) return err('hash_length');
  const path = isPowerOfTwo(size1) ? [root1, ...proof] : [...proof];
  const first = path.shift();
  if (!first || proof.length === 0) return err('proof_length');
  let fn = size1 - 1;
  let sn = size2 - 1;
  while (fn % 2 === 1) {
    fn = half(fn);
    sn = half(sn);
  }
  let oldRoot = first;
  let newRoot = first;
  for (const hash of path) {
    if (sn === 0) return err('proof_length');
    if (fn % 2 === 1 || fn === sn) {
      oldRoot = nodeHash(hash, oldRoot);
      newRoot = nodeHash(hash, newRoot);
      while (fn % 2 === 0 && fn !== 0) {
        fn = half(fn);
        sn = half(sn);
      }
    } else {
      newRoot = nodeHash(newRoot, hash);
    }
    fn = half(fn);
    sn = half(sn);
  }
  if (sn !== 0) return err('proof_length');
  return equalBytes(oldRoot, root1) && equalBytes(newRoot, root2) ? ok(true) : err('root_mismatch');
}

function isSize(n: number): boolean {
  return Number.isSafeInteger(n) && n >= 0;
}

// Sizes go to 2^53, beyond what bit operators can hold.
function half(n: number): number {
  return Math.floor(n / 2);
}

/** Largest power of two smaller than n ≥ 2. */
function splitSpan(n: number): number {
  let span = 1;
  while (span * 2 < n) span *= 2;
  return span;
}

function isPowerOfTwo(n: number): boolean {
  let rest = n;
  while (rest % 2 === 0) rest /= 2;
  return rest === 1;
}

function areHashes(hashes: readonly Uint8Array[]): boolean {
  return hashes.every((hash) => hash.length === HASH_BYTES);
}
