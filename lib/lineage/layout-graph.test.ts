import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { layOutGraph, NODE_HEIGHT, NODE_WIDTH } from './layout-graph';
import { mergeHops } from './lineage-graph';
import { type LineageNode, NODE_KINDS } from './lineage-view';

const node = (id: string, kind: LineageNode['kind'] = 'decision', at: string | null = null): LineageNode => ({
  id,
  kind,
  label: id,
  note: null,
  agent: null,
  at,
  used: 0,
  led: 0,
});

/** Every node named by the centre, in two kinds. */
function star(n: number) {
  const nodes = [
    node('c'),
    ...Array.from({ length: n }, (_, i) => node(`n${i}`, i % 2 ? 'review' : 'decision')),
  ];
  return mergeHops('c', [
    {
      center: 'c',
      nodes,
      edges: nodes.slice(1).map(({ id }) => ({ source: id, kind: 'parent', target: 'c' })),
    },
  ]);
}

function overlaps(places: Iterable<{ x: number; y: number }>): number {
  const all = [...places];
  let n = 0;
  for (const [i, a] of all.entries())
    for (const b of all.slice(i + 1))
      if (Math.abs(a.x - b.x) < NODE_WIDTH && Math.abs(a.y - b.y) < NODE_HEIGHT) n++;
  return n;
}

describe.each(['cause', 'time'] as const)('by %s', (mode) => {
  test('any graph: every node has one place, and none lies on another', () => {
    const graphs = fc
      .array(
        fc.record({
          kind: fc.constantFrom(...NODE_KINDS),
          at: fc.option(
            fc
              .date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true })
              .map((date) => date.toISOString()),
          ),
          to: fc.nat(30),
          edge: fc.constantFrom('parent', 'created', 'prompt'),
        }),
        { minLength: 1, maxLength: 30 },
      )
      .map((rows) =>
        mergeHops('0', [
          {
            center: '0',
            nodes: rows.map(({ kind, at }, id) => node(String(id), kind, at)),
            edges: rows.map(({ to, edge }, id) => ({
              source: String(id),
              kind: edge,
              target: String(to % rows.length),
            })),
          },
        ]),
      );
    fc.assert(
      fc.property(graphs, (graph) => {
        const { places } = layOutGraph(graph, mode);
        expect([...places.keys()].sort()).toEqual([...graph.nodes.keys()].sort());
        expect(overlaps(places.values())).toBe(0);
      }),
      { numRuns: 100 },
    );
  });
});

test('a column of hundreds wraps, block by kind, with how many stand in each', () => {
  const layout = layOutGraph(star(400), 'cause');
  expect(layout.columns.map(({ at, n }) => [at, n])).toEqual([
    [0, 1],
    [1, 400],
  ]);
  expect(layout.blocks.slice(1).map(({ kind, n }) => [kind, n])).toEqual([
    ['decision', 200],
    ['review', 200],
  ]);
  const [xs, ys] = (['x', 'y'] as const).map((axis) =>
    [...layout.places.values()].map((place) => place[axis]),
  );
  const spread = (values: number[] | undefined) => Math.max(...(values ?? [])) - Math.min(...(values ?? []));
  expect(spread(ys) / spread(xs)).toBeLessThan(2);
  expect(overlaps(layout.places.values())).toBe(0);
});

test('columns of time begin at whole units, and what has no time stands by what used it', () => {
  const graph = mergeHops('d', [
    {
      center: 'd',
      nodes: [
        node('d', 'decision', '2026-11-20T06:42:17.284Z'),
        node('e', 'decision', '2026-11-22T06:42:17.284Z'),
        node('p', 'retrieved'),
        node('alone', 'record'),
      ],
      edges: [{ source: 'e', kind: 'retrieved', target: 'p' }],
    },
  ]);
  const { columns, places } = layOutGraph(graph, 'time');
  expect(columns.map(({ at, n }) => [at, n])).toEqual([
    ['2026-11-20T06:42:17.000Z', 1],
    ['2026-11-22T06:42:17.000Z', 2],
    [null, 1],
  ]);
  expect(places.get('p')?.x).toBe(places.get('e')?.x);
});
