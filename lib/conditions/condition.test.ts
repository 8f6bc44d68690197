import { describe, expect, it } from 'vitest';
import { genesisLink, nextLink, recordDigest } from '@/lib/integrity/chain';
import { formatEntry } from '@/lib/integrity/entry';
import { leafHash } from '@/lib/integrity/merkle';
import type { StoredRecord } from './action-evidence';
import { checkPlace } from './check-stored-record';
import {
  CONDITION_CODES,
  CONDITION_WORDS,
  type ConditionScope,
  formatScope,
  mayAccept,
  parseScope,
} from './condition';
import { isAcceptedGap, type PriorCondition } from './scopes-of';

describe('scopes', () => {
  const scopes: [string, ConditionScope][] = [
    ['stream:spiffe://example.org/a/b', { kind: 'stream', stream: 'spiffe://example.org/a/b' }],
    ['record:console/bank#17', { kind: 'record', stream: 'console/bank', position: 17 }],
    ['decision:dec_1', { kind: 'decision', id: 'dec_1' }],
    ['escalation:esc_1', { kind: 'escalation', id: 'esc_1' }],
  ];
  it.each(scopes)('%s is printed and read back', (text, scope) => {
    expect(formatScope(scope)).toBe(text);
    expect(parseScope(text)).toEqual(scope);
  });
  it.each(['', 'stream:', 'record:a', 'record:a#0', 'record:a#01', 'record:#1', 'tenant:a', 'streams:a'])(
    '%s is none',
    (text) => expect(parseScope(text)).toBeNull(),
  );
});

it('what contradicts itself is never accepted, and every code has words', () => {
  expect(CONDITION_CODES.filter(mayAccept)).toEqual(['continuity_missing', 'lineage_hole']);
  for (const code of CONDITION_CODES) expect(CONDITION_WORDS[code].meaning.length).toBeGreaterThan(20);
});

describe('checkPlace', () => {
  const bytes = (n: number) => new Uint8Array([n, 1, 2, 3]);
  const stream = 'spiffe://example.org/a';
  const links = [genesisLink(stream)];
  for (const n of [1, 2, 3]) links.push(nextLink(links[n - 1] as Uint8Array, n, recordDigest(bytes(n))));
  const link = (n: number) => links[n] as Uint8Array;
  const second: StoredRecord = {
    stream,
    position: 2,
    row: { id: 'r', envelope: bytes(2), link: link(2), acceptedAtMs: 0 },
    linkBefore: link(1),
    after: { envelope: bytes(3), link: link(3) },
    leaf: leafHash(formatEntry({ stream, position: 2, link: link(2) })),
  };
  const first: StoredRecord = {
    ...second,
    position: 1,
    row: { id: 'r', envelope: bytes(1), link: link(1), acceptedAtMs: 0 },
    linkBefore: null,
    after: { envelope: bytes(2), link: link(2) },
    leaf: null,
  };
  it('passes a record between its neighbours, the first and the last of a stream', () => {
    expect(checkPlace(second)).toMatchObject({ ok: true });
    expect(checkPlace(first)).toMatchObject({ ok: true });
    expect(checkPlace({ ...second, after: null, leaf: null })).toMatchObject({ ok: true });
  });
  const row = second.row as NonNullable<StoredRecord['row']>;
  const attacks: [string, StoredRecord, string][] = [
    ['deleted', { ...second, row: null }, 'record_missing'],
    ['predecessor deleted', { ...second, linkBefore: null }, 'predecessor_missing'],
    ['bytes changed', { ...second, row: { ...row, envelope: bytes(9) } }, 'link_mismatch'],
    ['predecessor rewritten', { ...second, linkBefore: link(3) }, 'link_mismatch'],
    ['moved to another stream', { ...first, stream: 'spiffe://example.org/b' }, 'link_mismatch'],
    [
      'bytes and link rewritten, successor left',
      {
        ...second,
        row: { ...row, envelope: bytes(9), link: nextLink(link(1), 2, recordDigest(bytes(9))) },
      },
      'successor_mismatch',
    ],
    [
      'the whole tail rewritten, the log left',
      {
        ...second,
        row: { ...row, envelope: bytes(9), link: nextLink(link(1), 2, recordDigest(bytes(9))) },
        after: null,
      },
      'leaf_mismatch',
    ],
  ];
  it.each(attacks)('%s', (_attack, record, code) => {
    expect(checkPlace(record)).toMatchObject({ ok: false, code });
  });
});

it('a hole is answered for only when every number of it was', () => {
  const stream = 'spiffe://example.org/a';
  const prior: PriorCondition[] = [
    { code: 'continuity_missing', scope: `stream:${stream}`, open: false, gaps: [{ fromSeq: 3, toSeq: 9 }] },
  ];
  const gap = (fromSeq: number, toSeq: number) => isAcceptedGap({ stream, fromSeq, toSeq }, prior);
  expect([gap(3, 9), gap(4, 4), gap(2, 9), gap(9, 10), gap(20, 21)]).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
  expect(isAcceptedGap({ stream: 'spiffe://example.org/b', fromSeq: 3, toSeq: 9 }, prior)).toBe(false);
  expect(
    isAcceptedGap(
      { stream, fromSeq: 3, toSeq: 9 },
      prior.map((one) => ({ ...one, open: true })),
    ),
  ).toBe(false);
});
