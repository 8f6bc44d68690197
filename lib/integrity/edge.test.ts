import { describe, expect, it } from 'vitest';
import { utf8 } from '@/lib/core/bytes';
import { appendLeaf, appendLeaves, EMPTY_EDGE, edgeRoot, formatEdge, parseEdge } from '@/lib/integrity/edge';
import {
  EMPTY_ROOT,
  type GetNode,
  inclusionProof,
  leafHash,
  treeRoot,
  verifyInclusion,
} from '@/lib/integrity/merkle';

const leaves = Array.from({ length: 300 }, (_, i) => leafHash(utf8(`entry ${i}`)));

describe('edge', () => {
  it('knows the root after every append, and announces every complete subtree exactly once', () => {
    const nodes = new Map<string, Uint8Array>();
    const getNode: GetNode = (level, index) => {
      const hash = nodes.get(`${level}/${index}`);
      if (!hash) throw new Error(`missing node ${level}/${index}`);
      return hash;
    };
    let edge = EMPTY_EDGE;
    expect(edgeRoot(edge)).toEqual(EMPTY_ROOT);
    for (const leaf of leaves) {
      edge = appendLeaf(edge, leaf, ({ level, index }, hash) => {
        expect(nodes.has(`${level}/${index}`)).toBe(false);
        nodes.set(`${level}/${index}`, hash);
      });
      expect(edgeRoot(edge)).toEqual(treeRoot(edge.size, getNode));
    }
    const proof = inclusionProof(137, 300, getNode);
    const leaf = leaves[137] as Uint8Array;
    expect(
      proof.ok &&
        verifyInclusion({ index: 137, size: 300, leaf, proof: proof.value, root: edgeRoot(edge) }).ok,
    ).toBe(true);
  });

  it('appends many as it appends one by one, and leaves the old edge as it was', () => {
    const first = appendLeaves(EMPTY_EDGE, leaves.slice(0, 100));
    const before = formatEdge(first);
    const whole = appendLeaves(first, leaves.slice(100));
    expect(formatEdge(first)).toEqual(before);
    expect(whole).toEqual(appendLeaves(EMPTY_EDGE, leaves));
  });

  it('reads back what it prints, and goes on from there', () => {
    for (const size of [0, 1, 2, 3, 7, 8, 255, 256]) {
      const edge = appendLeaves(EMPTY_EDGE, leaves.slice(0, size));
      const read = parseEdge(formatEdge(edge));
      expect(read).toEqual({ ok: true, value: edge });
      if (read.ok) {
        expect(edgeRoot(appendLeaves(read.value, leaves.slice(size)))).toEqual(
          edgeRoot(appendLeaves(EMPTY_EDGE, leaves)),
        );
      }
    }
  });

  it.each([
    ['nothing', []],
    ['a size without hashes', [0, 0, 0, 0, 0, 0, 0, 3]],
    ['hashes without a size', [0, 0, 0, 0, 0, 0, 0, 0, ...new Array(32).fill(1)]],
    ['a size beyond 2^53', [255, 255, 255, 255, 255, 255, 255, 255]],
    ['a truncated hash', [0, 0, 0, 0, 0, 0, 0, 1, ...new Array(31).fill(1)]],
  ])('refuses %s', (_, bytes) => {
    expect(parseEdge(Uint8Array.from(bytes))).toEqual({ ok: false, code: 'edge_syntax' });
  });
});
