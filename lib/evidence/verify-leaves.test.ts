import { describe, expect, it } from 'vitest';
import { concatBytes } from '@/lib/core/bytes';
import { formatEntry } from '@/lib/integrity/entry';
import { leafHash, nodeHash } from '@/lib/integrity/merkle';
import { formatEntryBundle, TILE_WIDTH } from '@/lib/integrity/tile';
import { verifyLeaves } from './verify-leaves';

const OWN = 'spiffe://bank.example/agent/a';
/** Begins like the stream of the same organisation, and is another's. */
const LONGER = `${OWN}b`;
const SIZE = 2 * TILE_WIDTH + 3;
const entries = Array.from({ length: SIZE }, (_, i) =>
  formatEntry({
    stream: i % 3 === 0 ? OWN : LONGER,
    position: i % 3 === 0 ? i / 3 + 1 : i + 1,
    link: new Uint8Array(64).fill(i & 0xff),
  }),
);
const bundle = (n: number) => formatEntryBundle(entries.slice(n * TILE_WIDTH, (n + 1) * TILE_WIDTH));
const oneByOne = { entries: async (n: number) => bundle(n) };
const together = {
  ...oneByOne,
  bundles: async (first: number, count: number) =>
    concatBytes(...Array.from({ length: count }, (_, i) => bundle(first + i))),
};

function rootOf(hashes: readonly Uint8Array[]): Uint8Array {
  if (hashes.length === 1) return hashes[0] as Uint8Array;
  const half = hashes.length / 2;
  return nodeHash(rootOf(hashes.slice(0, half)), rootOf(hashes.slice(half)));
}

const leaves = entries.map(leafHash);
const full = { bundle: 0, count: 2, size: SIZE, streams: [OWN] };

describe('a part of the log', () => {
  it.each([
    ['one by one', oneByOne],
    ['together', together],
  ])('is rebuilt from bundles that come %s', async (_, source) => {
    const report = await verifyLeaves(full, source);
    expect(report.broken).toBeNull();
    expect(report.leaves).toBe(512);
    expect(report.roots).toEqual(concatBytes(rootOf(leaves.slice(0, 256)), rootOf(leaves.slice(256, 512))));
    const [own, ...others] = report.entries;
    expect(others).toEqual([]);
    expect(own?.runs).toEqual([{ from: 1, count: 171, index: 0 }]);
    expect(own?.leaves).toEqual(concatBytes(...leaves.slice(0, 512).filter((_leaf, i) => i % 3 === 0)));
  });

  it('may be the last bundle, which is not full', async () => {
    const report = await verifyLeaves({ ...full, bundle: 2, count: 1 }, together);
    expect(report.roots).toHaveLength(0);
    expect(report.rest).toEqual(concatBytes(...leaves.slice(512)));
    expect(report.entries[0]?.runs).toEqual([{ from: 172, count: 1, index: 513 }]);
  });

  const whole = concatBytes(bundle(0), bundle(1));
  const inSecond = bundle(0).length + 2;
  const shortened = (() => {
    // The first entry of the second bundle is of this stream; a byte of its link is left out.
    const own = entries[258] as Uint8Array;
    const list = entries.slice(256, 512);
    list[2] = own.subarray(0, own.length - 1);
    return concatBytes(bundle(0), formatEntryBundle(list));
  })();

  it.each<[string, Uint8Array, { code: string; index: number }]>([
    [
      'bytes after the last bundle',
      concatBytes(whole, Uint8Array.of(0)),
      { code: 'bundle_syntax', index: 512 },
    ],
    ['a bundle cut off', whole.subarray(0, whole.length - 1), { code: 'bundle_syntax', index: 256 }],
    ['a bundle left out', bundle(0), { code: 'bundle_syntax', index: 256 }],
    ['nothing', new Uint8Array(0), { code: 'bundle_syntax', index: 0 }],
    [
      'a length that points beyond the end',
      whole.with(inSecond - 2, 0xff),
      { code: 'bundle_syntax', index: 256 },
    ],
    ['an entry of the stream without its last byte', shortened, { code: 'entry_syntax', index: 258 }],
  ])('names %s', async (_, bytes, broken) => {
    const report = await verifyLeaves(full, { ...oneByOne, bundles: async () => bytes });
    expect(report.broken).toEqual(broken);
  });

  it('throws what the source throws', async () => {
    const away = { entries: () => Promise.reject(new Error('away')) };
    await expect(verifyLeaves(full, away)).rejects.toThrow('away');
  });
});
