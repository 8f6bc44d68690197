import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8 } from '@/lib/core/bytes';
import { describeVectorCases } from '@/lib/core/testing/published-vectors';
import { appendLeaves, EMPTY_EDGE, edgeRoot } from '@/lib/integrity/edge';
import {
  consistencyProof,
  fillPlan,
  leafHash,
  planInclusion,
  treeRoot,
  verifyConsistency,
  verifyInclusion,
} from '@/lib/integrity/merkle';
import {
  createTileReader,
  formatEntryBundle,
  formatTile,
  formatTilePath,
  parseEntryBundle,
  parseTile,
  parseTilePath,
  type Tile,
  tileNodes,
  tilesAfter,
  tilesOfPlan,
} from '@/lib/integrity/tile';
import { listTiledLogVectors } from './testing/tiled-log-vectors';

describe('tile paths', () => {
  it.each([
    ['tile/0/x001/x234/067', 0, 1_234_067, 256],
    ['tile/0/000', 0, 0, 256],
    ['tile/0/000.p/1', 0, 0, 1],
    ['tile/63/999', 63, 999, 256],
    ['tile/1/x001/000.p/255', 1, 1000, 255],
    ['tile/entries/x123/x456/789.p/7', 'entries', 123_456_789, 7],
  ] as const)('%s', (path, level, n, width) => {
    expect(formatTilePath(level, n, width)).toBe(path);
    expect(parseTilePath(path)).toEqual({ ok: true, value: { level, n, width } });
  });

  it('round-trips', () => {
    const level = fc.oneof(fc.nat({ max: 63 }), fc.constant('entries' as const));
    fc.assert(
      fc.property(
        level,
        fc.nat({ max: Number.MAX_SAFE_INTEGER }),
        fc.integer({ min: 1, max: 256 }),
        (l, n, width) => {
          expect(parseTilePath(formatTilePath(l, n, width))).toEqual({
            ok: true,
            value: { level: l, n, width },
          });
        },
      ),
    );
  });

  it.each([
    ['a superfluous group', 'tile/0/x000/001'],
    ['a missing x', 'tile/0/001/234'],
    ['x on the last group', 'tile/0/x001'],
    ['two digits', 'tile/0/01'],
    ['level 64', 'tile/64/000'],
    ['a level with a leading zero', 'tile/00/000'],
    ['width 0', 'tile/0/000.p/0'],
    ['width 256 spelled as partial', 'tile/0/000.p/256'],
    ['a width with a leading zero', 'tile/0/000.p/01'],
    ['dot segments', 'tile/0/../000'],
    ['a leading slash', '/tile/0/000'],
    ['a trailing newline', 'tile/0/000\n'],
    ['a number beyond 2^53', 'tile/0/x009/x007/x199/x254/x740/992'],
  ])('refuses %s', (_, path) => {
    expect(parseTilePath(path)).toEqual({ ok: false, code: 'tile_path_syntax' });
  });
});

describe('tiles of a log', () => {
  const SIZE = 70_000;
  const leaves = Array.from({ length: SIZE }, (_, i) => leafHash(utf8(String(i))));
  const nodes = new Map<string, Uint8Array>();
  const edge = appendLeaves(EMPTY_EDGE, leaves, ({ level, index }, hash) =>
    nodes.set(`${level}/${index}`, hash),
  );
  const files = new Map<string, Uint8Array>();

  // Grown in uneven steps, as a sequencer would: each step writes only what `tilesAfter` names.
  const steps = [0, 1, 255, 256, 257, 1000, 65_535, 65_536, 65_537, SIZE];
  for (const [i, size] of steps.entries()) {
    for (const tile of tilesAfter(steps[i - 1] ?? 0, size)) {
      const hashes = tileNodes(tile).map(({ level, index }) => nodes.get(`${level}/${index}`) as Uint8Array);
      files.set(formatTilePath(tile.level, tile.n, tile.width), formatTile(hashes));
    }
  }
  const getTile = (tile: Tile): Uint8Array => {
    const bytes = files.get(formatTilePath(tile.level, tile.n, tile.width));
    if (!bytes) throw new Error(`no tile ${formatTilePath(tile.level, tile.n, tile.width)}`);
    return bytes;
  };

  it('holds every tree it passed through, also after the log has grown', () => {
    for (const size of steps.slice(1)) {
      expect(treeRoot(size, createTileReader(size, getTile))).toEqual(
        edgeRoot(appendLeaves(EMPTY_EDGE, leaves.slice(0, size))),
      );
    }
  });

  it('reads every node that the tree has', () => {
    const getNode = createTileReader(SIZE, getTile);
    for (const [level, index] of [
      [0, 69_999],
      [3, 8_749],
      [7, 545],
      [8, 272],
      [9, 135],
      [15, 1],
      [16, 0],
    ] as const) {
      expect(getNode(level, index)).toEqual(nodes.get(`${level}/${index}`));
    }
    expect(() => getNode(7, 546)).toThrow('not complete');
    expect(() => getNode(16, 1)).toThrow('not complete');
  });

  it('proves from tiles, and needs only the tiles its plan names', () => {
    const root = edgeRoot(edge);
    for (const index of [0, 255, 256, 65_535, 65_536, 69_999]) {
      const plan = planInclusion(index, SIZE);
      if (!plan.ok) throw new Error(plan.code);
      const fetched = new Map(
        tilesOfPlan(plan.value, SIZE).map((tile) => [`${tile.level}/${tile.n}`, getTile(tile)]),
      );
      expect(fetched.size).toBeLessThanOrEqual(5);
      const reader = createTileReader(SIZE, (tile) => fetched.get(`${tile.level}/${tile.n}`) as Uint8Array);
      const proof = fillPlan(plan.value, reader);
      const leaf = leaves[index] as Uint8Array;
      expect(verifyInclusion({ index, size: SIZE, leaf, proof, root })).toEqual({ ok: true, value: true });
    }
    const proof = consistencyProof(65_537, SIZE, createTileReader(SIZE, getTile));
    const root1 = treeRoot(65_537, createTileReader(65_537, getTile));
    expect(
      proof.ok &&
        verifyConsistency({ size1: 65_537, size2: SIZE, root1, root2: root, proof: proof.value }).ok,
    ).toBe(true);
  });

  it('never rewrites a full tile', () => {
    const seen = new Set<string>();
    for (const [i, size] of steps.entries()) {
      for (const { level, n, width } of tilesAfter(steps[i - 1] ?? 0, size)) {
        const path = formatTilePath(level, n);
        expect(seen.has(path)).toBe(false);
        if (width === 256) seen.add(path);
      }
    }
    expect(tilesAfter(500, 500)).toEqual([]);
    expect(() => tilesAfter(2, 1)).toThrow('never shrinks');
  });
});

describe('entry bundles', () => {
  it('round-trips, empty entries and the largest included', () => {
    const entries = [new Uint8Array(0), new Uint8Array(65_535).fill(3), utf8('three')];
    expect(parseEntryBundle(formatEntryBundle(entries), 3)).toEqual({ ok: true, value: entries });
  });

  it.each([
    ['a missing entry', [0, 1, 7], 2],
    ['an extra entry', [0, 1, 7, 0, 0], 1],
    ['a truncated entry', [0, 3, 7], 1],
    ['a truncated length', [0, 1, 7, 0], 2],
    ['nothing', [], 1],
    ['a length that reaches over the next entry', [0, 4, 7, 0, 1, 8], 2],
    ['the largest length with nothing behind it', [255, 255], 1],
    ['257 entries', new Array(257 * 2).fill(0), 256],
  ])('refuses %s', (_, bytes, width) => {
    expect(parseEntryBundle(Uint8Array.from(bytes), width)).toMatchObject({
      ok: false,
      code: 'bundle_syntax',
    });
  });

  it('writes no entry whose length it could not tell, and no 257th', () => {
    expect(() => formatEntryBundle([new Uint8Array(65_536)])).toThrow('out of range');
    expect(() => formatEntryBundle(new Array(257).fill(new Uint8Array(0)))).toThrow('256 entries');
    expect(() => formatEntryBundle([])).toThrow('256 entries');
  });

  it('knows the width of a tile', () => {
    expect(parseTile(new Uint8Array(64), 2).ok).toBe(true);
    expect(parseTile(new Uint8Array(63), 2)).toEqual({ ok: false, code: 'tile_length' });
    expect(parseTile(new Uint8Array(96), 2)).toEqual({ ok: false, code: 'tile_length' });
  });
});

describeVectorCases(
  'tlog/tessera',
  'a real tlog-tiles log (transparency-dev/tessera)',
  9,
  listTiledLogVectors,
);
