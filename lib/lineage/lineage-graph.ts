/**
 * The lineage that has been loaded so far, without React: hops are merged as they arrive, nothing beyond them is drawn,
 * and each node knows how much of its neighbourhood is not shown yet. The graph owns nodes and edges; who is open is the
 * reader's and passed in.
 */
import { causeOf, effectOf } from './edge-direction';
import { COUNT_LIMIT, type LineageEdge, type LineageHop, type LineageNode } from './lineage-view';

export interface LineageGraph {
  center: string;
  nodes: ReadonlyMap<string, LineageNode>;
  edges: ReadonlyMap<string, LineageEdge>;
}

export type Side = 'used' | 'led';

const edgeKey = ({ source, kind, target }: LineageEdge) => `${source}\n${kind}\n${target}`;

export function graphOf(hop: LineageHop): LineageGraph {
  return mergeHop({ center: hop.center, nodes: new Map(), edges: new Map() }, hop);
}

/** The graph with one more hop; what was said last of a node replaces what was known, except that a name is kept. */
export function mergeHop(graph: LineageGraph, hop: LineageHop): LineageGraph {
  const nodes = new Map(graph.nodes);
  const edges = new Map(graph.edges);
  for (const node of hop.nodes) {
    const known = nodes.get(node.id);
    const isNamed = known !== undefined && node.label === node.id;
    nodes.set(node.id, isNamed ? { ...node, kind: known.kind, label: known.label, note: known.note } : node);
  }
  for (const edge of hop.edges) {
    if (nodes.has(edge.source) && nodes.has(edge.target)) edges.set(edgeKey(edge), edge);
  }
  return { center: graph.center, nodes, edges };
}

/** Neighbours on one side that are loaded, in the order in which they were. */
export function neighbours(
  graph: LineageGraph,
  id: string,
  side: Side,
): { node: LineageNode; edge: LineageEdge }[] {
  const found = new Map<string, { node: LineageNode; edge: LineageEdge }>();
  for (const edge of graph.edges.values()) {
    const [from, to] = side === 'used' ? [effectOf(edge), causeOf(edge)] : [causeOf(edge), effectOf(edge)];
    const node = from === id ? graph.nodes.get(to) : undefined;
    if (node && !found.has(to)) found.set(to, { node, edge });
  }
  return [...found.values()];
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
  const queue = [graph.center];
  for (let id = queue.shift(); id !== undefined; id = queue.shift()) {
    const column = columns.get(id) ?? 0;
    for (const side of ['used', 'led'] as const) {
      for (const { node } of neighbours(graph, id, side)) {
        if (columns.has(node.id)) continue;
        columns.set(node.id, column + (side === 'used' ? -1 : 1));
        queue.push(node.id);
      }
    }
  }
  return columns;
}

export interface ListRow {
  /** Path of ids from the centre: the same node may stand in several places. */
  key: string;
  level: number;
  node: LineageNode;
  edgeKind: string | null;
  side: Side | null;
  isOpen: boolean;
  /** Whether it has, or may have, rows below it. */
  canOpen: boolean;
  /** Neighbours not loaded yet on the side that it opens to. */
  more: { n: number; atLeast: boolean };
  setSize: number;
  place: number;
}

/** The same graph as an indented list: the centre, what it used, what it led to, and below each what was opened. */
export function listRows(graph: LineageGraph, open: ReadonlySet<string>): ListRow[] {
  const rows: ListRow[] = [];
  const center = graph.nodes.get(graph.center);
  if (!center) return rows;
  const visit = (
    node: LineageNode,
    at: {
      key: string;
      level: number;
      side: Side | null;
      edgeKind: string | null;
      path: readonly string[];
      place: number;
      setSize: number;
    },
  ) => {
    const sides: Side[] = at.side === null ? ['used', 'led'] : [at.side];
    const below = sides.flatMap((side) =>
      neighbours(graph, node.id, side)
        .filter((next) => !at.path.includes(next.node.id))
        .map((next) => ({ ...next, side })),
    );
    const more = sides
      .map((side) => unseen(graph, node.id, side))
      .reduce((a, b) => ({ n: a.n + b.n, atLeast: a.atLeast || b.atLeast }));
    const isOpen = open.has(at.key);
    rows.push({
      key: at.key,
      level: at.level,
      node,
      edgeKind: at.edgeKind,
      side: at.side,
      isOpen,
      canOpen: below.length > 0 || more.n > 0,
      more,
      setSize: at.setSize,
      place: at.place,
    });
    if (!isOpen) return;
    below.forEach((next, index) => {
      visit(next.node, {
        key: `${at.key}/${next.side}/${next.node.id}`,
        level: at.level + 1,
        side: next.side,
        edgeKind: next.edge.kind,
        path: [...at.path, node.id],
        place: index + 1,
        setSize: below.length,
      });
    });
  };
  visit(center, { key: center.id, level: 1, side: null, edgeKind: null, path: [], place: 1, setSize: 1 });
  return rows;
}
