import { type LineageGraph, neighbours, type Side, unseen } from './lineage-graph';
import type { LineageNode } from './lineage-view';

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

interface Place {
  node: LineageNode;
  key: string;
  level: number;
  side: Side | null;
  edgeKind: string | null;
  path: readonly string[];
  place: number;
  setSize: number;
}

/**
 * The same graph as an indented list: the centre, what it used, what it led to, and below each what was opened. A node
 * opens away from the centre only, and never below itself, so that no circle is endless.
 */
export function listRows(graph: LineageGraph, open: ReadonlySet<string>): ListRow[] {
  const rows: ListRow[] = [];
  const center = graph.nodes.get(graph.center);
  if (!center) return rows;
  // Without recursion: what is open may be as deep as it is long.
  const waiting: Place[] = [
    { node: center, key: center.id, level: 1, side: null, edgeKind: null, path: [], place: 1, setSize: 1 },
  ];
  for (let at = waiting.pop(); at; at = waiting.pop()) {
    const { node, key, level, side, edgeKind, path, place, setSize } = at;
    const sides: Side[] = side === null ? ['used', 'led'] : [side];
    const below = sides.flatMap((each) =>
      neighbours(graph, node.id, each)
        .filter((next) => next.node.id !== node.id && !path.includes(next.node.id))
        .map((next) => ({ ...next, side: each })),
    );
    const more = sides
      .map((each) => unseen(graph, node.id, each))
      .reduce((a, b) => ({ n: a.n + b.n, atLeast: a.atLeast || b.atLeast }));
    const isOpen = open.has(key);
    const canOpen = below.length > 0 || more.n > 0;
    rows.push({ key, level, node, edgeKind, side, isOpen, canOpen, more, setSize, place });
    if (!isOpen) continue;
    const places = below.map((next, index) => ({
      node: next.node,
      key: `${key}/${next.side}/${next.node.id}`,
      level: level + 1,
      side: next.side,
      edgeKind: next.edge.kind,
      path: [...path, node.id],
      place: index + 1,
      setSize: below.length,
    }));
    waiting.push(...places.reverse());
  }
  return rows;
}
