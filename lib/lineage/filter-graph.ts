import { type LineageGraph, mergeHops } from './lineage-graph';
import type { LineageNode, NodeKind } from './lineage-view';

/** What a reader wants to see of what is loaded; empty means everything. */
export interface GraphFilter {
  hiddenKinds: ReadonlySet<NodeKind>;
  agent: string | null;
  /** Instants, inclusive and exclusive; a node without a time always fits. */
  from: string | null;
  to: string | null;
}

export const NO_FILTER: GraphFilter = { hiddenKinds: new Set(), agent: null, from: null, to: null };

function fits(node: LineageNode, { hiddenKinds, agent, from, to }: GraphFilter): boolean {
  if (hiddenKinds.has(node.kind)) return false;
  if (agent !== null && node.agent !== null && node.agent !== agent) return false;
  if (node.at === null) return true;
  return (from === null || node.at >= from) && (to === null || node.at < to);
}

/** The part of a graph that fits. The centre always does: everything hangs on it. */
export function filterGraph(graph: LineageGraph, filter: GraphFilter): LineageGraph {
  const nodes = [...graph.nodes.values()].filter((node) => node.id === graph.center || fits(node, filter));
  if (nodes.length === graph.nodes.size) return graph;
  return mergeHops(graph.center, [{ center: graph.center, nodes, edges: [...graph.edges.values()] }]);
}

/** The kinds that are loaded with how many of each, and the agents by name: what a filter can offer. */
export function describeGraph(graph: LineageGraph): { kinds: Map<NodeKind, number>; agents: string[] } {
  const kinds = new Map<NodeKind, number>();
  const agents = new Set<string>();
  for (const { kind, agent } of graph.nodes.values()) {
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    if (agent !== null) agents.add(agent);
  }
  return { kinds, agents: [...agents].sort() };
}
