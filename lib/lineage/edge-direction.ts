import type { LineageEdge } from './lineage-view';

/** Edges that point at what came into being; all others point from the later thing to what it rests on. */
export const FORWARD_KINDS: readonly string[] = ['created', 'output', 'changes'];

/** The cause of an edge is what was there first. */
export function causeOf(edge: LineageEdge): string {
  return FORWARD_KINDS.includes(edge.kind) ? edge.source : edge.target;
}

/** The later end of an edge. */
export function effectOf(edge: LineageEdge): string {
  return FORWARD_KINDS.includes(edge.kind) ? edge.target : edge.source;
}
