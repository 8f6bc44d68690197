import type { LineageEdge } from './lineage-view';

/**
 * Edges point from the later thing to what it rests on, except `created`, which points at what came into being. The cause
 * of an edge is what was there first.
 */
export function causeOf(edge: LineageEdge): string {
  return edge.kind === 'created' ? edge.source : edge.target;
}

/** The later end of an edge. */
export function effectOf(edge: LineageEdge): string {
  return edge.kind === 'created' ? edge.target : edge.source;
}
