import { describe, expect, it } from 'vitest';
import { concatBytes, u64be, utf8 } from '@/lib/core/bytes';
import { formatHex } from '@/lib/core/encoding';
import { portableBlake2b512 } from '@/lib/core/hash-portable';
import { genesisLink, nextLink, recordDigest } from '@/lib/integrity/chain';

const STREAM = 'spiffe://example.org/agent/a';

describe('chain', () => {
  it('recomputes the worked example of the module', () => {
    const link0 = genesisLink(STREAM);
    const link1 = nextLink(link0, 1, recordDigest(utf8('hello')));
    expect(formatHex(link0).slice(0, 16)).toBe('19bf3a2002a6d9a4');
    expect(formatHex(link1).slice(0, 16)).toBe('50bb2a081276cfd7');
  });

  it('is the formula of formats §4, byte for byte', () => {
    const link0 = portableBlake2b512(utf8(`countersign/stream/v1\n${STREAM}`));
    expect(genesisLink(STREAM)).toEqual(link0);
    const digest = portableBlake2b512(utf8('record'));
    expect(nextLink(link0, 513, digest)).toEqual(
      portableBlake2b512(concatBytes(utf8('countersign/link/v1\n'), link0, u64be(513), digest)),
    );
  });

  it('tells streams, positions and records apart', () => {
    const link = genesisLink(STREAM);
    const digest = recordDigest(utf8('record'));
    const distinct = new Set(
      [
        nextLink(link, 1, digest),
        nextLink(link, 2, digest),
        nextLink(link, 1, recordDigest(utf8('record '))),
        nextLink(genesisLink(`${STREAM}/`), 1, digest),
      ].map(formatHex),
    );
    expect(distinct.size).toBe(4);
  });

  it('has no position 0 and no short links', () => {
    const link = genesisLink(STREAM);
    expect(() => nextLink(link, 0, link)).toThrow('start at 1');
    expect(() => nextLink(link.subarray(1), 1, link)).toThrow('64 bytes');
    expect(() => nextLink(link, 1, link.subarray(1))).toThrow('64 bytes');
  });
});
