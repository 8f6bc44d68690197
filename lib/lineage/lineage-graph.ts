/**
 * The lineage that has been loaded so far, without React: hops are merged as they arrive, nothing beyond them is drawn,
 * and each node knows how much of its neighbourhood is not shown yet.
 *
 * Who owns what: the server owns the edges and hands them over hop by hop. The graph owns nodes, edges and the
 * neighbours by side, and never changes once made: another hop makes another graph. The reader owns which hops are
 * wanted, which rows are open, what is filtered and what is chosen; all of it is passed in. Positions belong to
 * `layout-graph`, names and shapes to the page.
 */
import { causeOf, effectOf } from './edge-direction';
import { COUNT_LIMIT, type LineageEdge, type LineageHop, type LineageNode } from './lineage-view';

export interface Neighbour {
  node: LineageNode;
  edge: LineageEdge;
}

export interface LineageGraph {
  center: string;
  nodes: ReadonlyMap<string, LineageNode>;
  edges: ReadonlyMap<string, LineageEdge>;
  /** Neighbours of a node, each once, in the order in which they were loaded. */
  sides: Readonly<Record<Side, ReadonlyMap<string, readonly Neighbour[]>>>;
}

export type Side = 'used' | 'led';
const SIDES = ['used', 'led'] as const;

/** Names an edge; ids cannot hold a line break, and a hostile one that does only names its own edge oddly. */
export const edgeKey = ({ source, kind, target }: LineageEdge) => `${source}\n${kind}\n${target}`;

function build(
  center: string,
  nodes: ReadonlyMap<string, LineageNode>,
  edges: ReadonlyMap<string, LineageEdge>,
): LineageGraph {
  const sides = { used: new Map<string, Neighbour[]>(), led: new Map<string, Neighbour[]>() };
  const met = new Set<string>();
  const add = (side: Side, from: string, to: string, edge: LineageEdge) => {
    const node = nodes.get(to);
    const key = `${side}\n${from}\n${to}`;
    if (!node || !nodes.has(from) || met.has(key)) return;
    met.add(key);
    const list = sides[side].get(from);
    if (list) list.push({ node, edge });
    else sides[side].set(from, [{ node, edge }]);
  };
  for (const edge of edges.values()) {
    const [cause, effect] = [causeOf(edge), effectOf(edge)];
    add('used', effect, cause, edge);
    add('led', cause, effect, edge);
  }
  return { center, nodes, edges, sides };
}

export function graphOf(hop: LineageHop): LineageGraph {
  return mergeHops(hop.center, [hop]);
}

/** The graph with one more hop. */
export function mergeHop(graph: LineageGraph, hop: LineageHop): LineageGraph {
  return mergeHops(graph.center, [
    { center: graph.center, nodes: [...graph.nodes.values()], edges: [...graph.edges.values()] },
    hop,
  ]);
}

/** Hops as one graph; what was said last of a node replaces what was known, except that a name is kept. */
export function mergeHops(center: string, hops: readonly LineageHop[]): LineageGraph {
  const nodes = new Map<string, LineageNode>();
  const edges = new Map<string, LineageEdge>();
  for (const hop of hops) {
    for (const node of hop.nodes) {
      const known = nodes.get(node.id);
      const isNamed = known !== undefined && node.label === node.id;
      nodes.set(
        node.id,
        isNamed ? { ...node, kind: known.kind, label: known.label, note: known.note } : node,
      );
    }
  }
  for (const edge of hops.flatMap((hop) => hop.edges)) {
    if (nodes.has(edge.source) && nodes.has(edge.target)) edges.set(edgeKey(edge), edge);
  }
  return build(center, nodes, edges);
}

/**
 * The graph of the hops that hang together from the centre: a hop whose own centre is no longer reached, because
 * something before it was closed, is left out with all that only it brought.
 */
export function assembleHops(center: string, hops: ReadonlyMap<string, LineageHop>): LineageGraph | null {
  if (!hops.has(center)) return null;
  const reached = new Set([center]);
  const used: LineageHop[] = [];
  for (const id of reached) {
    const hop = hops.get(id);
    if (!hop) continue;
    used.push(hop);
    for (const node of hop.nodes) reached.add(node.id);
  }
  return mergeHops(center, used);
}

/** Neighbours on one side that are loaded, in the order in which they were. */
export function neighbours(graph: LineageGraph, id: string, side: Side): readonly Neighbour[] {
  return graph.sides[side].get(id) ?? [];
}

/** How many neighbours of a node are not loaded; `atLeast` where the count stopped. */
export function unseen(graph: LineageGraph, id: string, side: Side): { n: number; atLeast: boolean } {
  const node = graph.nodes.get(id);
  if (!node) return { n: 0, atLeast: false };
  const total = node[side];
  return { n: Math.max(0, total - neighbours(graph, id, side).length), atLeast: total >= COUNT_LIMIT };
}

/**
 * Column of every node: 0 the centre, negative what it rests on, positive what it led to, by the shortest way. A node
 * reached both ways stands where it was reached first.
 */
export function columnsOf(graph: LineageGraph): Map<string, number> {
  const columns = new Map([[graph.center, 0]]);
  // A map hands over what is added while it is read.
  for (const [id, column] of columns) {
    for (const side of SIDES) {
      for (const { node } of neighbours(graph, id, side)) {
        if (!columns.has(node.id)) columns.set(node.id, column + (side === 'used' ? -1 : 1));
      }
    }
  }
  return columns;
}
