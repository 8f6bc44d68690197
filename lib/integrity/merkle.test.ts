import { beforeAll, describe, expect, it } from 'vitest';
import { utf8 } from '@/lib/core/bytes';
import { describeVectorCases } from '@/lib/core/testing/published-vectors';
import {
  consistencyProof,
  EMPTY_ROOT,
  type GetNode,
  inclusionProof,
  leafHash,
  nodeHash,
  treeRoot,
  verifyConsistency,
  verifyInclusion,
} from '@/lib/integrity/merkle';
import { listMerkleVectors } from './testing/merkle-vectors';

const SIZES = 72;
const leaves = Array.from({ length: SIZES }, (_, i) => leafHash(utf8(`entry ${i}`)));

/** RFC 9162 §2.1.1 written down as it stands, to judge the rest. */
function mth(hashes: readonly Uint8Array[]): Uint8Array {
  if (hashes.length === 0) return EMPTY_ROOT;
  if (hashes.length === 1) return hashes[0] as Uint8Array;
  let k = 1;
  while (k * 2 < hashes.length) k *= 2;
  return nodeHash(mth(hashes.slice(0, k)), mth(hashes.slice(k)));
}

const getNode: GetNode = (level, index) => mth(leaves.slice(index * 2 ** level, (index + 1) * 2 ** level));

function value<T>(result: { ok: true; value: T } | { ok: false; code: string }): T {
  if (!result.ok) throw new Error(result.code);
  return result.value;
}

function flip(hash: Uint8Array): Uint8Array {
  const copy = hash.slice();
  copy[7] = (copy[7] as number) ^ 0x10;
  return copy;
}

describe('merkle tree', () => {
  let roots: Uint8Array[];
  beforeAll(() => {
    roots = Array.from({ length: SIZES + 1 }, (_, size) => mth(leaves.slice(0, size)));
  });

  it('has the root of RFC 9162 at every size', () => {
    for (let size = 0; size <= SIZES; size++) expect(treeRoot(size, getNode)).toEqual(roots[size]);
  });

  it('proves every leaf of every tree, and nothing that was changed', () => {
    for (let size = 1; size <= SIZES; size++) {
      for (let index = 0; index < size; index++) {
        const proof = value(inclusionProof(index, size, getNode));
        const leaf = leaves[index] as Uint8Array;
        const root = roots[size] as Uint8Array;
        const good = { index, size, leaf, proof, root };
        expect(verifyInclusion(good)).toEqual({ ok: true, value: true });
        expect(verifyInclusion({ ...good, leaf: flip(leaf) }).ok).toBe(false);
        expect(verifyInclusion({ ...good, root: flip(root) }).ok).toBe(false);
        expect(verifyInclusion({ ...good, proof: [...proof, leaf] }).ok).toBe(false);
        expect(verifyInclusion({ ...good, proof: [leaf, ...proof] }).ok).toBe(false);
        expect(verifyInclusion({ ...good, index: size }).ok).toBe(false);
        if (proof.length > 0) {
          expect(verifyInclusion({ ...good, proof: proof.slice(1) }).ok).toBe(false);
          expect(verifyInclusion({ ...good, proof: proof.slice(0, -1) }).ok).toBe(false);
          const changed = proof.map((hash, i) => (i === index % proof.length ? flip(hash) : hash));
          expect(verifyInclusion({ ...good, proof: changed }).ok).toBe(false);
          expect(verifyInclusion({ ...good, index: index === 0 ? 1 : index - 1 }).ok).toBe(false);
        }
      }
    }
  });

  it('proves every prefix of every tree, and nothing that was changed', () => {
    for (let size2 = 1; size2 <= SIZES; size2++) {
      for (let size1 = 1; size1 <= size2; size1++) {
        const proof = value(consistencyProof(size1, size2, getNode));
        const root1 = roots[size1] as Uint8Array;
        const root2 = roots[size2] as Uint8Array;
        const good = { size1, size2, root1, root2, proof };
        expect(verifyConsistency(good)).toEqual({ ok: true, value: true });
        expect(verifyConsistency({ ...good, root1: flip(root1) }).ok).toBe(false);
        expect(verifyConsistency({ ...good, root2: flip(root2) }).ok).toBe(false);
        expect(verifyConsistency({ ...good, proof: [...proof, root1] }).ok).toBe(false);
        if (size1 !== size2) {
          expect(verifyConsistency({ ...good, proof: [] }).ok).toBe(false);
          expect(verifyConsistency({ ...good, proof: proof.slice(1) }).ok).toBe(false);
          expect(verifyConsistency({ ...good, proof: proof.map((hash) => flip(hash)) }).ok).toBe(false);
          expect(verifyConsistency({ ...good, size1: size2, size2: size1 }).ok).toBe(false);
        }
      }
    }
  });

  it.each([
    ['negative', -1, 5],
    ['fractional', 0.5, 5],
    ['not a number', Number.NaN, 5],
    ['beyond the tree', 5, 5],
    ['in the empty tree', 0, 0],
    ['beyond 2^53', 2 ** 64 - 1, 2 ** 64],
  ])('refuses an index that is %s', (_, index, size) => {
    const leaf = leaves[0] as Uint8Array;
    expect(inclusionProof(index, size, getNode)).toMatchObject({ code: 'index_out_of_range' });
    expect(verifyInclusion({ index, size, leaf, proof: [], root: leaf })).toMatchObject({
      code: 'index_out_of_range',
    });
  });

  it('counts beyond 32 bits', () => {
    const size = 2 ** 40 + 1;
    const sibling = leaves[1] as Uint8Array;
    const leaf = leaves[0] as Uint8Array;
    const root = nodeHash(sibling, leaf);
    expect(verifyInclusion({ index: 2 ** 40, size, leaf, proof: [sibling], root }).ok).toBe(true);
    expect(verifyInclusion({ index: 0, size, leaf, proof: [sibling], root }).ok).toBe(false);
    expect(value(inclusionProof(0, size, () => leaf))).toHaveLength(41);
  });

  it('finds trees of one size consistent exactly when their roots are the same', () => {
    const [root1, root2] = [utf8('one root'), utf8('another root')];
    const same = { size1: 1, size2: 1, root1, root2: root1, proof: [] };
    expect(verifyConsistency(same)).toEqual({ ok: true, value: true });
    expect(verifyConsistency({ ...same, root2 })).toMatchObject({ code: 'root_mismatch' });
    expect(verifyConsistency({ ...same, proof: [leaves[0] as Uint8Array] })).toMatchObject({
      code: 'proof_length',
    });
    expect(verifyConsistency({ ...same, size1: 0, size2: 0 })).toMatchObject({ code: 'size_out_of_range' });
  });

  it.each([
    ['an empty leaf', new Uint8Array(0), leafHash(utf8('x'))],
    ['an empty root', leafHash(utf8('x')), new Uint8Array(0)],
    ['neither leaf nor root', new Uint8Array(0), new Uint8Array(0)],
    ['a leaf of 31 bytes that is the root', new Uint8Array(31), new Uint8Array(31)],
  ])('refuses inclusion of %s in a tree of one', (_, leaf, root) => {
    expect(verifyInclusion({ index: 0, size: 1, leaf, proof: [], root })).toMatchObject({
      code: 'hash_length',
    });
  });

  it('hashes nothing but pairs of 32 bytes into a node', () => {
    const hash = leaves[0] as Uint8Array;
    expect(() => nodeHash(hash.subarray(1), hash)).toThrow('32 bytes');
    expect(() => nodeHash(hash, new Uint8Array(33))).toThrow('32 bytes');
  });

  it('does not take a node for a leaf: the domains are separate', () => {
    const left = leaves[0] as Uint8Array;
    const right = leaves[1] as Uint8Array;
    const both = new Uint8Array([...left, ...right]);
    expect(leafHash(both)).not.toEqual(nodeHash(left, right));
  });
});

describeVectorCases('tlog', 'published tree proofs', 120, listMerkleVectors);
