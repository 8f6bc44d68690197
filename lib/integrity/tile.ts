/**
 * The log as static files (C2SP tlog-tiles): hashes of every eighth tree level, 256 to a tile.
 *
 *   tile/<L>/<N>[.p/<W>]          L 0…63, N in 3-digit groups, all but the last prefixed `x`; W 1…255 if partial
 *   tile/entries/<N>[.p/<W>]      the entries under the level-0 tile N, each u16be length ‖ bytes
 *
 * Tile (L, N) holds the roots of the complete subtrees of 256^L leaves numbered 256·N … 256·N+W−1, 32 bytes
 * each. In a tree of `size`, level L has ⌊size / 256^L⌋ such roots, so its last tile may be partial.
 * Worked example: N = 1234067 at level 0 is `tile/0/x001/x234/067`, and with 7 hashes `….p/7`.
 */
import { concatBytes, u16be } from '@/lib/core/bytes';
import { parseDecimal } from '@/lib/core/encoding';
import { invariant } from '@/lib/core/invariant';
import { err, ok, type Result } from '@/lib/core/result';
import { type GetNode, HASH_BYTES, nodeHash, type ProofPlan, type TreeNode } from '@/lib/integrity/merkle';

export const TILE_WIDTH = 256;
export const TILE_HEIGHT = 8;
export const FULL_TILE_BYTES = TILE_WIDTH * HASH_BYTES;
const MAX_LEVEL = 63;

export type TileLevel = number | 'entries';
/** `width` 256 is a full tile; fewer is partial. */
export type Tile = { readonly level: number; readonly n: number; readonly width: number };

/** Path without a leading slash. */
export function formatTilePath(level: TileLevel, n: number, width: number = TILE_WIDTH): string {
  invariant(
    level === 'entries' || (Number.isInteger(level) && level >= 0 && level <= MAX_LEVEL),
    'tile level',
  );
  invariant(Number.isSafeInteger(n) && n >= 0, 'tile number');
  invariant(Number.isInteger(width) && width >= 1 && width <= TILE_WIDTH, 'tile width');
  const digits = n.toString();
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/.{3}/g) as string[];
  const number = groups.map((group, i) => (i < groups.length - 1 ? `x${group}` : group)).join('/');
  return `tile/${level}/${number}${width === TILE_WIDTH ? '' : `.p/${width}`}`;
}

/** Inverse of `formatTilePath`; one tile has one path. */
export function parseTilePath(
  path: string,
): Result<{ level: TileLevel; n: number; width: number }, 'tile_path_syntax'> {
  const match = /^tile\/(entries|[0-9]{1,2})\/((?:x[0-9]{3}\/)*[0-9]{3})(?:\.p\/([0-9]{1,3}))?$/.exec(path);
  if (!match) return err('tile_path_syntax');
  const [, levelText = '', groups = '', widthText] = match;
  const level = levelText === 'entries' ? levelText : Number(levelText);
  const n = parseDecimal(groups.replace(/[x/]/g, '').replace(/^0+(?=[0-9])/, ''));
  const width = widthText === undefined ? TILE_WIDTH : Number(widthText);
  if (!n.ok || (level !== 'entries' && level > MAX_LEVEL) || width < 1 || width > TILE_WIDTH) {
    return err('tile_path_syntax');
  }
  return formatTilePath(level, n.value, width) === path
    ? ok({ level, n: n.value, width })
    : err('tile_path_syntax');
}

/** Number of hashes that level L has in a tree of `size`. */
export function levelWidth(level: number, size: number): number {
  return Math.floor(size / TILE_WIDTH ** level);
}

/**
 * The tiles that a tree of `newSize` has and one of `oldSize` had not (or had with fewer hashes), bottom level
 * first. Entry bundles follow the level-0 tiles.
 */
export function tilesAfter(oldSize: number, newSize: number): Tile[] {
  invariant(oldSize >= 0 && oldSize <= newSize, 'tilesAfter: a log never shrinks');
  const tiles: Tile[] = [];
  for (let level = 0; levelWidth(level, newSize) > 0; level++) {
    const oldCount = levelWidth(level, oldSize);
    const newCount = levelWidth(level, newSize);
    if (oldCount === newCount) continue;
    for (let n = Math.floor(oldCount / TILE_WIDTH); n * TILE_WIDTH < newCount; n++) {
      tiles.push({ level, n, width: Math.min(TILE_WIDTH, newCount - n * TILE_WIDTH) });
    }
  }
  return tiles;
}

/** The complete subtrees whose roots a tile holds, in order. */
export function tileNodes(tile: Tile): TreeNode[] {
  return Array.from({ length: tile.width }, (_, i) => ({
    level: tile.level * TILE_HEIGHT,
    index: tile.n * TILE_WIDTH + i,
  }));
}

/** The tile of a tree of `size` under which a complete subtree can be computed. */
export function tileOfNode(node: TreeNode, size: number): Tile {
  const level = Math.floor(node.level / TILE_HEIGHT);
  const n = Math.floor((node.index * 2 ** (node.level % TILE_HEIGHT)) / TILE_WIDTH);
  return { level, n, width: Math.min(TILE_WIDTH, levelWidth(level, size) - n * TILE_WIDTH) };
}

/** The distinct tiles that a proof plan reads, so that they can be fetched before it is filled. */
export function tilesOfPlan(plan: ProofPlan, size: number): Tile[] {
  const tiles = new Map<string, Tile>();
  for (const node of plan.flat()) {
    const tile = tileOfNode(node, size);
    tiles.set(formatTilePath(tile.level, tile.n, tile.width), tile);
  }
  return [...tiles.values()];
}

/** Reads any complete subtree of a tree of `size` out of its tiles (bytes as `formatTile` prints them). */
export function createTileReader(size: number, getTile: (tile: Tile) => Uint8Array): GetNode {
  return (level, index) => {
    const tile = tileOfNode({ level, index }, size);
    const span = 2 ** (level % TILE_HEIGHT);
    const first = (index * span) % TILE_WIDTH;
    invariant(first + span <= tile.width, 'tile reader: subtree is not complete at this size');
    const bytes = getTile(tile);
    invariant(bytes.length >= tile.width * HASH_BYTES, 'tile reader: tile is too short');
    let hashes: Uint8Array[] = Array.from({ length: span }, (_, i) =>
      bytes.slice((first + i) * HASH_BYTES, (first + i + 1) * HASH_BYTES),
    );
    while (hashes.length > 1) {
      const pairs = hashes;
      hashes = Array.from({ length: pairs.length / 2 }, (_, i) =>
        nodeHash(pairs[2 * i] as Uint8Array, pairs[2 * i + 1] as Uint8Array),
      );
    }
    return hashes[0] as Uint8Array;
  };
}

/** Bytes of a tile: its hashes, one after the other. */
export function formatTile(hashes: readonly Uint8Array[]): Uint8Array {
  invariant(hashes.length >= 1 && hashes.length <= TILE_WIDTH, 'formatTile: 1 to 256 hashes');
  invariant(
    hashes.every((hash) => hash.length === HASH_BYTES),
    'formatTile: hashes are 32 bytes',
  );
  return concatBytes(...hashes);
}

/** Inverse of `formatTile` for a tile of known width. */
export function parseTile(bytes: Uint8Array, width: number): Result<Uint8Array[], 'tile_length'> {
  if (bytes.length !== width * HASH_BYTES) return err('tile_length');
  return ok(Array.from({ length: width }, (_, i) => bytes.slice(i * HASH_BYTES, (i + 1) * HASH_BYTES)));
}

/** Bytes of an entry bundle: each entry (≤ 65,535 bytes) after its u16be length. */
export function formatEntryBundle(entries: readonly Uint8Array[]): Uint8Array {
  invariant(entries.length >= 1 && entries.length <= TILE_WIDTH, 'formatEntryBundle: 1 to 256 entries');
  return concatBytes(...entries.flatMap((entry) => [u16be(entry.length), entry]));
}

/** Inverse of `formatEntryBundle` for a bundle of known width; nothing may follow the last entry. */
export function parseEntryBundle(bytes: Uint8Array, width: number): Result<Uint8Array[], 'bundle_syntax'> {
  const entries: Uint8Array[] = [];
  let offset = 0;
  while (offset < bytes.length && entries.length < width) {
    if (offset + 2 > bytes.length) return err('bundle_syntax', 'truncated length');
    const end = offset + 2 + (((bytes[offset] as number) << 8) | (bytes[offset + 1] as number));
    if (end > bytes.length) return err('bundle_syntax', 'truncated entry');
    entries.push(bytes.slice(offset + 2, end));
    offset = end;
  }
  return offset === bytes.length && entries.length === width ? ok(entries) : err('bundle_syntax', 'count');
}
