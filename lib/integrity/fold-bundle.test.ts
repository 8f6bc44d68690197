import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBundleFolder } from '@/lib/integrity/fold-bundle';
import { leafHash, nodeHash } from '@/lib/integrity/merkle';
import { formatEntryBundle, parseEntryBundle, TILE_WIDTH } from '@/lib/integrity/tile';

function rootOf(hashes: readonly Uint8Array[]): Uint8Array {
  if (hashes.length === 1) return hashes[0] as Uint8Array;
  const half = hashes.length / 2;
  return nodeHash(rootOf(hashes.slice(0, half)), rootOf(hashes.slice(half)));
}

const entries = Array.from({ length: TILE_WIDTH }, (_, i) =>
  Uint8Array.from({ length: i % 130 }, (_v, j) => (i * 7 + j) & 0xff),
);

describe('a bundle folded at once', () => {
  it('has the leaves and the root that hashing each by itself gives', () => {
    const folder = createBundleFolder();
    const bytes = formatEntryBundle(entries);
    expect(folder.fold(bytes, 0, TILE_WIDTH)).toBe(bytes.length);
    const leaves = entries.map(leafHash);
    leaves.forEach((leaf, i) => {
      expect(folder.leaf(i)).toEqual(leaf);
      const { from, to } = folder.entry(i);
      expect(bytes.slice(from, to)).toEqual(entries[i]);
    });
    expect(folder.root()).toEqual(rootOf(leaves));
    expect(folder.leaf(3)).toEqual(leaves[3]);
  });

  it('goes on to the next bundle, whatever the one before left', () => {
    const folder = createBundleFolder();
    const first = formatEntryBundle(entries);
    const second = formatEntryBundle([...entries].reverse());
    const both = new Uint8Array([...first, ...second]);
    expect(folder.fold(both, 0, TILE_WIDTH)).toBe(first.length);
    expect(folder.fold(both, first.length, TILE_WIDTH)).toBe(both.length);
    expect(folder.root()).toEqual(rootOf([...entries].reverse().map(leafHash)));
  });

  it('reads what a bundle is, and nothing that is none', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.integer({ min: 1, max: 6 }), (bytes, width) => {
        const end = createBundleFolder().fold(bytes, 0, width);
        const read = end === undefined ? null : parseEntryBundle(bytes.subarray(0, end), width);
        if (read) expect(read.ok).toBe(true);
        // What it refuses is no prefix of anything that the strict reader takes at this width.
        else expect(parseEntryBundle(bytes, width).ok).toBe(false);
      }),
    );
  });
});
