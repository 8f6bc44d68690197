/**
 * Entries of consecutive records of one stream, hashed together: what `leafHash(formatEntry(…))` gives for each, without
 * making the entries.
 */
import { utf8 } from '@/lib/core/bytes';
import { sha256 } from '@/lib/core/hash';
import { invariant } from '@/lib/core/invariant';
import { LINK_BYTES } from '@/lib/integrity/chain';
import { formatEntry } from '@/lib/integrity/entry';
import { HASH_BYTES } from '@/lib/integrity/merkle';

/** RFC 9162 §2.1.1: a leaf is hashed after one zero byte. */
const LEAF_PREFIX_BYTES = 1;

/**
 * Leaf hashes of the records at `position`, `position + 1`, …
 * @param run.links their links end to end, 64 bytes each
 * @returns the hashes end to end, 32 bytes each
 */
export function hashRun(run: { stream: string; position: number; links: Uint8Array }): Uint8Array {
  const { stream, position, links } = run;
  const count = links.length / LINK_BYTES;
  invariant(Number.isInteger(count), 'hashRun: links are 64 bytes each');
  const leaves = new Uint8Array(count * HASH_BYTES);
  if (count === 0) return leaves;
  const first = formatEntry({ stream, position, link: links.subarray(0, LINK_BYTES) });
  const leaf = new Uint8Array(LEAF_PREFIX_BYTES + first.length);
  leaf.set(first, LEAF_PREFIX_BYTES);
  const placeAt = LEAF_PREFIX_BYTES + 3 + utf8(stream).length;
  for (let n = 0; n < count; n++) {
    if (n > 0) increment(leaf, placeAt + 7);
    leaf.set(links.subarray(n * LINK_BYTES, (n + 1) * LINK_BYTES), placeAt + 8);
    leaves.set(sha256(leaf), n * HASH_BYTES);
  }
  return leaves;
}

/** Adds one to the big-endian number that ends at `at`. */
function increment(bytes: Uint8Array, at: number): void {
  let byte = at;
  while (bytes[byte] === 0xff) bytes[byte--] = 0;
  bytes[byte] = (bytes[byte] as number) + 1;
}

/** The hashes one by one. */
export function splitHashes(hashes: Uint8Array): Uint8Array[] {
  return Array.from({ length: hashes.length / HASH_BYTES }, (_, n) =>
    hashes.subarray(n * HASH_BYTES, (n + 1) * HASH_BYTES),
  );
}
