import { describe, expect, test } from 'vitest';
import { assembleHops, columnsOf, graphOf, mergeHop, neighbours, unseen } from './lineage-graph';
import { formatCount, type LineageHop, type LineageNode } from './lineage-view';
import { listRows } from './list-rows';

const node = (id: string, used = 0, led = 0): LineageNode => ({
  id,
  kind: 'decision',
  label: id,
  note: null,
  agent: null,
  at: null,
  used,
  led,
});

/** d used prompt p (which 7 others used); escalation e asks about d; d created x. */
const hop: LineageHop = {
  center: 'd',
  nodes: [node('d', 1, 2), node('p', 0, 8), node('e', 1, 2), node('x', 1, 0)],
  edges: [
    { source: 'd', kind: 'prompt', target: 'p' },
    { source: 'e', kind: 'escalates', target: 'd' },
    { source: 'd', kind: 'created', target: 'x' },
  ],
};

test('what was there first is used; what came later, or was created, is led to', () => {
  const graph = graphOf(hop);
  expect(neighbours(graph, 'd', 'used').map(({ node: { id } }) => id)).toEqual(['p']);
  expect(neighbours(graph, 'd', 'led').map(({ node: { id } }) => id)).toEqual(['e', 'x']);
  expect(columnsOf(graph)).toEqual(
    new Map([
      ['d', 0],
      ['p', -1],
      ['e', 1],
      ['x', 1],
    ]),
  );
});

test('a node says how much of its neighbourhood is not loaded', () => {
  const graph = graphOf(hop);
  expect(unseen(graph, 'p', 'led')).toEqual({ n: 7, atLeast: false });
  expect(unseen(graph, 'd', 'used')).toEqual({ n: 0, atLeast: false });
  expect(unseen(graphOf({ ...hop, nodes: [node('d'), node('p', 0, 1_000)] }), 'p', 'led').atLeast).toBe(true);
  expect(formatCount(1_000)).toBe('1,000+');
  expect(formatCount(999)).toBe('999');
});

test('another hop is merged: edges to nodes that are not known are not drawn', () => {
  const graph = mergeHop(graphOf(hop), {
    center: 'e',
    nodes: [node('e', 1, 1), node('r', 1, 0)],
    edges: [
      { source: 'r', kind: 'reviews', target: 'e' },
      { source: 'ghost', kind: 'reviews', target: 'e' },
    ],
  });
  expect(graph.center).toBe('d');
  expect(neighbours(graph, 'e', 'led').map(({ node: { id } }) => id)).toEqual(['r']);
  expect(columnsOf(graph).get('r')).toBe(2);
});

test('a name that one hop gave is not lost to a hop that has none', () => {
  const named = graphOf({
    ...hop,
    nodes: hop.nodes.map((each) => (each.id === 'p' ? { ...each, label: 'pay-an-invoice' } : each)),
  });
  expect(mergeHop(named, hop).nodes.get('p')?.label).toBe('pay-an-invoice');
});

describe('the list', () => {
  const graph = graphOf(hop);
  test('is closed at first, and opens what is asked for', () => {
    expect(listRows(graph, new Set()).map(({ key }) => key)).toEqual(['d']);
    const rows = listRows(graph, new Set(['d']));
    expect(rows.map(({ key, level, edgeKind }) => [key, level, edgeKind])).toEqual([
      ['d', 1, null],
      ['d/used/p', 2, 'prompt'],
      ['d/led/e', 2, 'escalates'],
      ['d/led/x', 2, 'created'],
    ]);
    expect(rows.map(({ place, setSize }) => `${place}/${setSize}`)).toEqual(['1/1', '1/3', '2/3', '3/3']);
  });
  test('a node opens away from the centre only, so that no path runs in a circle', () => {
    const circle = mergeHop(graph, {
      center: 'x',
      nodes: [],
      edges: [{ source: 'p', kind: 'parent', target: 'x' }],
    });
    const rows = listRows(circle, new Set(['d', 'd/led/x', 'd/led/x/led/p', 'd/led/x/led/p/led/d']));
    expect(rows.filter(({ node: { id } }) => id === 'd')).toHaveLength(1);
  });
  test('what has nothing below it cannot be opened', () => {
    const rows = new Map(listRows(graph, new Set(['d'])).map((row) => [row.node.id, row.canOpen]));
    expect(rows).toEqual(
      new Map([
        ['d', true],
        ['p', false],
        ['e', true],
        ['x', false],
      ]),
    );
  });
});

test('what a version replaced is used by the change, what it put in force is led to', () => {
  const graph = graphOf({
    center: 'c',
    nodes: [node('c'), node('old'), node('new'), node('d'), node('o')],
    edges: [
      { source: 'c', kind: 'changes', target: 'new' },
      { source: 'c', kind: 'replaces', target: 'old' },
      { source: 'd', kind: 'prompt', target: 'new' },
      { source: 'd', kind: 'output', target: 'o' },
    ],
  });
  expect(columnsOf(graph)).toEqual(
    new Map([
      ['c', 0],
      ['old', -1],
      ['new', 1],
      ['d', 2],
      ['o', 3],
    ]),
  );
});

test('closing a hop takes away all that only it brought', () => {
  const other = {
    center: 'e',
    nodes: [node('e', 1, 1), node('r', 1, 1)],
    edges: [{ source: 'r', kind: 'reviews', target: 'e' }],
  };
  const beyond = {
    center: 'r',
    nodes: [node('r', 1, 1), node('z')],
    edges: [{ source: 'z', kind: 'reports', target: 'r' }],
  };
  const hops = new Map([
    ['d', hop],
    ['e', other],
    ['r', beyond],
  ]);
  expect([...(assembleHops('d', hops)?.nodes.keys() ?? [])]).toEqual(['d', 'p', 'e', 'x', 'r', 'z']);
  hops.delete('e');
  expect([...(assembleHops('d', hops)?.nodes.keys() ?? [])]).toEqual(['d', 'p', 'e', 'x']);
  expect(assembleHops('nobody', hops)).toBeNull();
});

test('a circle of nodes has columns and ends', () => {
  const ring = graphOf({
    center: 'a',
    nodes: [node('a'), node('b'), node('c')],
    edges: [
      { source: 'a', kind: 'parent', target: 'b' },
      { source: 'b', kind: 'parent', target: 'c' },
      { source: 'c', kind: 'parent', target: 'a' },
    ],
  });
  expect(columnsOf(ring).size).toBe(3);
});

test('1,000 nodes merge and list in one pass each', () => {
  const nodes = Array.from({ length: 1_000 }, (_, i) => node(`n${i}`));
  const big = graphOf({
    center: 'n0',
    nodes,
    edges: nodes.slice(1).map(({ id }) => ({ source: id, kind: 'parent', target: 'n0' })),
  });
  expect(listRows(big, new Set(['n0']))).toHaveLength(1_000);
  expect(columnsOf(big).size).toBe(1_000);
});
