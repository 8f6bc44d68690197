import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findBackEdges } from './back-edges';
import { causeOf, effectOf } from './edge-direction';
import { type Expand, findWay } from './find-way';
import { edgeKey } from './lineage-graph';
import type { LineageEdge } from './lineage-view';
import { walkClosure } from './walk-closure';

const FAR = { hops: 40, nodes: 10_000 };

function expander(edges: readonly LineageEdge[]): Expand {
  return async (ids, side) => ({
    edges: edges.filter(
      (edge) =>
        (side !== 'used' && ids.includes(causeOf(edge))) || (side !== 'led' && ids.includes(effectOf(edge))),
    ),
    cut: 0,
  });
}

/** `b` rests on `a`, and so on. */
const chain = (ids: string): LineageEdge[] =>
  [...ids].slice(1).map((id, at) => ({ source: id, kind: 'parent', target: ids[at] as string }));

const edgesOf = fc.array(
  fc.record({
    source: fc.nat(14).map(String),
    kind: fc.constantFrom('parent', 'created', 'output', 'prompt'),
    target: fc.nat(14).map(String),
  }),
  { maxLength: 40 },
);

/** Distance by plain breadth-first search, the slow and obvious way. */
function distance(edges: readonly LineageEdge[], from: string, to: string, any: boolean): number | null {
  let level = new Set([from]);
  const met = new Set(level);
  for (let hops = 0; level.size > 0; hops++) {
    if (level.has(to)) return hops;
    const next = new Set<string>();
    for (const edge of edges) {
      const [cause, effect] = [causeOf(edge), effectOf(edge)];
      if (level.has(cause) && !met.has(effect)) next.add(effect);
      if (any && level.has(effect) && !met.has(cause)) next.add(cause);
    }
    for (const id of next) met.add(id);
    level = next;
  }
  return null;
}

describe('findWay', () => {
  test.each(['onward', 'any'] as const)(
    '%s: as short as a plain search finds it, and each step is an edge',
    async (way) => {
      await fc.assert(
        fc.asyncProperty(edgesOf, fc.nat(14).map(String), fc.nat(14).map(String), async (edges, from, to) => {
          const found = await findWay(from, to, way, FAR, expander(edges));
          const expected = distance(edges, from, to, way === 'any');
          expect(found.ids === null ? null : found.ids.length - 1).toBe(expected);
          if (found.ids === null) return;
          expect([found.ids[0], found.ids.at(-1)]).toEqual([from, to]);
          found.edges.forEach((edge, at) => {
            const step = [found.ids?.[at], found.ids?.[at + 1]];
            const along = [causeOf(edge), effectOf(edge)];
            if (way === 'any') step.sort();
            if (way === 'any') along.sort();
            expect(step).toEqual(along);
          });
        }),
        { numRuns: 200 },
      );
    },
  );

  test('does not claim more than it searched', async () => {
    const found = await findWay('a', 'h', 'onward', { hops: 3, nodes: 100 }, expander(chain('abcdefgh')));
    expect(found).toMatchObject({ ids: null, searched: { hops: 3 } });
  });
});

describe('walkClosure', () => {
  test('is what a plain search reaches, nearest first, and says when it is whole', async () => {
    await fc.assert(
      fc.asyncProperty(edgesOf, async (edges) => {
        const { steps, complete } = await walkClosure('0', FAR, expander(edges));
        expect(complete).toBe(true);
        const hops = steps.map((step) => step.hops);
        expect(hops).toEqual([...hops].sort((a, b) => a - b));
        for (let id = 1; id < 15; id++) {
          const expected = distance(edges, '0', String(id), false);
          expect(steps.find((step) => step.id === String(id))?.hops ?? null).toBe(expected);
        }
      }),
      { numRuns: 100 },
    );
  });

  test.each([
    ['nodes', { hops: 9, nodes: 3 }],
    ['hops', { hops: 3, nodes: 99 }],
  ])('stops at its limit of %s and says so', async (_, limits) => {
    const { steps, complete } = await walkClosure('a', limits, expander(chain('abcdefgh')));
    expect(steps.map(({ id }) => id)).toEqual(['b', 'c', 'd']);
    expect(complete).toBe(false);
  });
});

describe('findBackEdges', () => {
  test('without them no edge leads round in a circle, and a graph without circles keeps all', () => {
    fc.assert(
      fc.property(edgesOf, (edges) => {
        const back = findBackEdges(edges);
        const kept = edges.filter((edge) => !back.has(edgeKey(edge)));
        expect(findBackEdges(kept).size).toBe(0);
        for (const edge of kept) expect(distance(kept, effectOf(edge), causeOf(edge), false)).toBeNull();
      }),
      { numRuns: 200 },
    );
    expect(findBackEdges(chain('abcdef')).size).toBe(0);
  });

  test('a chain of 50,000 that bites its own tail', () => {
    const edges = Array.from({ length: 50_000 }, (_, i) => ({
      source: String((i + 1) % 50_000),
      kind: 'parent',
      target: String(i),
    }));
    expect(findBackEdges(edges).size).toBe(1);
  });
});
