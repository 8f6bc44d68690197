/**
 * Whole entry bundles hashed at once, for whoever rebuilds a log of millions of leaves: the same leaf hashes as `leafHash`
 * and the same root as `nodeHash` over them, without an array for each.
 */
import { DIGEST_WORDS, formatWords, hashAfterByte, hashPairAfterByte } from '@/lib/core/sha256-portable';
import { TILE_WIDTH } from '@/lib/integrity/tile';

const LEAF_PREFIX = 0x00;
const NODE_PREFIX = 0x01;
const LENGTH_BYTES = 2;

export interface BundleFolder {
  /**
   * Reads and hashes the bundle of `width` entries that begins at `from`.
   * @returns where the next one begins; undefined when there is no such bundle
   */
  fold(bytes: Uint8Array, from: number, width: number): number | undefined;
  /** Where entry i of the bundle last folded begins and ends. */
  entry(i: number): { from: number; to: number };
  /** Hash of its leaf, 32 bytes. */
  leaf(i: number): Uint8Array;
  /** Root over all leaves of a full bundle, 32 bytes. */
  root(): Uint8Array;
}

/** Folds one bundle after the other in one working set. */
export function createBundleFolder(): BundleFolder {
  const leaves = new Int32Array(TILE_WIDTH * DIGEST_WORDS);
  const nodes = new Int32Array(TILE_WIDTH * DIGEST_WORDS);
  const starts = new Int32Array(TILE_WIDTH);
  const ends = new Int32Array(TILE_WIDTH);

  return {
    fold(bytes, from, width) {
      let offset = from;
      for (let i = 0; i < width; i++) {
        const start = offset + LENGTH_BYTES;
        const end = start + (((bytes[offset] as number) << 8) | (bytes[offset + 1] as number));
        if (start > bytes.length || end > bytes.length) return undefined;
        hashAfterByte(LEAF_PREFIX, bytes, start, end, leaves, i * DIGEST_WORDS);
        starts[i] = start;
        ends[i] = end;
        offset = end;
      }
      return offset;
    },
    entry: (i) => ({ from: starts[i] as number, to: ends[i] as number }),
    leaf: (i) => formatWords(leaves, i * DIGEST_WORDS),
    root() {
      nodes.set(leaves);
      for (let width = TILE_WIDTH; width > 1; width /= 2) {
        for (let i = 0; i < width / 2; i++)
          hashPairAfterByte(NODE_PREFIX, nodes, 2 * i * DIGEST_WORDS, nodes, i * DIGEST_WORDS);
      }
      return formatWords(nodes, 0);
    },
  };
}
