/** Merkle trees as RFC 9162 §2.1 defines them, recursively. */
import { createHash } from 'node:crypto';

/** HASH_SIZE of SHA-256 (§2.1.1). */
const HASH_SIZE = 32;

export const sha256 = (...parts: Uint8Array[]): Buffer => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

export const hashLeaf = (entry: Uint8Array): Buffer => sha256(Buffer.of(0), entry);
export const hashNode = (left: Uint8Array, right: Uint8Array): Buffer => sha256(Buffer.of(1), left, right);

/** The largest power of two smaller than n. */
const split = (n: number): number => {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
};

/** MTH over leaf hashes (§2.1.1). */
export function treeHead(leaves: readonly Uint8Array[]): Buffer {
  if (leaves.length === 0) return sha256();
  if (leaves.length === 1) return Buffer.from(leaves[0] as Uint8Array);
  const k = split(leaves.length);
  return hashNode(treeHead(leaves.slice(0, k)), treeHead(leaves.slice(k)));
}

/** PATH(m, D_n) (§2.1.3.1). */
export function inclusionPath(m: number, leaves: readonly Uint8Array[]): Buffer[] {
  if (leaves.length <= 1) return [];
  const k = split(leaves.length);
  return m < k
    ? [...inclusionPath(m, leaves.slice(0, k)), treeHead(leaves.slice(k))]
    : [...inclusionPath(m - k, leaves.slice(k)), treeHead(leaves.slice(0, k))];
}

/** PROOF(m, D_n) (§2.1.4.1). */
export function consistencyProof(m: number, leaves: readonly Uint8Array[]): Buffer[] {
  const sub = (size: number, part: readonly Uint8Array[], whole: boolean): Buffer[] => {
    if (size === part.length) return whole ? [] : [treeHead(part)];
    const k = split(part.length);
    return size <= k
      ? [...sub(size, part.slice(0, k), whole), treeHead(part.slice(k))]
      : [...sub(size - k, part.slice(k), false), treeHead(part.slice(0, k))];
  };
  return sub(m, leaves, true);
}

/** §2.1.3.2, step by step. */
export function isIncluded(
  leaf: Uint8Array,
  index: bigint,
  size: bigint,
  path: readonly Uint8Array[],
  root: Uint8Array,
): boolean {
  if (index >= size || leaf.length !== HASH_SIZE) return false;
  let fn = index;
  let sn = size - 1n;
  let r: Uint8Array = leaf;
  for (const p of path) {
    if (sn === 0n) return false;
    if (fn % 2n === 1n || fn === sn) {
      r = hashNode(p, r);
      if (fn % 2n === 0n) {
        do {
          fn >>= 1n;
          sn >>= 1n;
        } while (fn % 2n === 0n && fn !== 0n);
      }
    } else r = hashNode(r, p);
    fn >>= 1n;
    sn >>= 1n;
  }
  return sn === 0n && Buffer.compare(r, root) === 0;
}

/** §2.1.4.2, step by step; sizes of zero or equal sizes by the definition of the trees. */
export function isConsistent(
  first: bigint,
  second: bigint,
  firstRoot: Uint8Array,
  secondRoot: Uint8Array,
  proof: readonly Uint8Array[],
): boolean {
  const same = Buffer.compare(firstRoot, secondRoot) === 0;
  if (first > second) return false;
  if (first === second) return same && proof.length === 0;
  if (first === 0n) return proof.length === 0 && Buffer.compare(firstRoot, sha256()) === 0;
  if (proof.length === 0) return false;
  const isPowerOfTwo = (first & (first - 1n)) === 0n;
  const [head, ...rest] = isPowerOfTwo ? [firstRoot, ...proof] : proof;
  let fn = first - 1n;
  let sn = second - 1n;
  while (fn % 2n === 1n) {
    fn >>= 1n;
    sn >>= 1n;
  }
  let fr = head as Uint8Array;
  let sr = head as Uint8Array;
  for (const c of rest) {
    if (sn === 0n) return false;
    if (fn % 2n === 1n || fn === sn) {
      fr = hashNode(c, fr);
      sr = hashNode(c, sr);
      while (fn % 2n === 0n && fn !== 0n) {
        fn >>= 1n;
        sn >>= 1n;
      }
    } else sr = hashNode(sr, c);
    fn >>= 1n;
    sn >>= 1n;
  }
  return sn === 0n && Buffer.compare(fr, firstRoot) === 0 && Buffer.compare(sr, secondRoot) === 0;
}
