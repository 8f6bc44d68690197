import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatEntry } from '@/lib/integrity/entry';
import { hashRun, splitHashes } from '@/lib/integrity/entry-run';
import { leafHash } from '@/lib/integrity/merkle';

test('a run hashes to the leaves of its entries', () => {
  const link = fc.uint8Array({ minLength: 64, maxLength: 64 });
  const run = fc.record({
    stream: fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' }),
    position: fc.integer({ min: 1, max: 2 ** 48 }),
    links: fc.array(link, { maxLength: 20 }),
  });
  fc.assert(
    fc.property(run, ({ stream, position, links }) => {
      const joined = Uint8Array.from(links.flatMap((bytes) => [...bytes]));
      const leaves = splitHashes(hashRun({ stream, position, links: joined }));
      expect(leaves).toEqual(
        links.map((bytes, n) => leafHash(formatEntry({ stream, position: position + n, link: bytes }))),
      );
    }),
  );
});

test('half a link is no link', () => {
  expect(() => hashRun({ stream: 's', position: 1, links: new Uint8Array(63) })).toThrow();
});
