/**
 * A shortest way between two nodes by bounded search from both ends, over whatever hands over the edges of a set of
 * nodes. Nothing here knows where edges are kept.
 */
import { causeOf, effectOf } from './edge-direction';
import type { LineageEdge, SearchBounds } from './lineage-view';

/** Edges whose cause (`led`) or effect (`used`) is among `ids`, and how many of `ids` had more than were given. */
export type Expand = (
  ids: readonly string[],
  side: 'used' | 'led' | 'both',
) => Promise<{ edges: readonly LineageEdge[]; cut: number }>;

export interface WayLimits {
  hops: number;
  nodes: number;
}

export interface FoundWay {
  /** Ids from `from` to `to`; null when there is none within the limits. */
  ids: string[] | null;
  edges: LineageEdge[];
  searched: SearchBounds;
}

interface Front {
  /** Every node met from this end, with the edge and the node it was met by. */
  met: Map<string, { edge: LineageEdge; back: string } | null>;
  edge: string[];
  side: 'used' | 'led' | 'both';
}

/**
 * Searches from both ends, always growing the smaller front by one whole level, so that the first meeting is a shortest
 * way as long as nothing was cut.
 * @param way `onward` follows causes to effects from `from`; `any` follows edges both ways
 */
export async function findWay(
  from: string,
  to: string,
  way: 'onward' | 'any',
  limits: WayLimits,
  expand: Expand,
): Promise<FoundWay> {
  const searched: SearchBounds = { hops: 0, nodes: from === to ? 1 : 2, cut: 0 };
  if (from === to) return { ids: [from], edges: [], searched };
  const fronts: [Front, Front] = [
    { met: new Map([[from, null]]), edge: [from], side: way === 'any' ? 'both' : 'led' },
    { met: new Map([[to, null]]), edge: [to], side: way === 'any' ? 'both' : 'used' },
  ];
  while (searched.hops < limits.hops && searched.nodes < limits.nodes) {
    const [a, b] = fronts;
    const [front, other] = a.edge.length <= b.edge.length ? [a, b] : [b, a];
    if (front.edge.length === 0) break;
    searched.hops++;
    const { edges, cut } = await expand(front.edge, front.side);
    searched.cut += cut;
    const here = new Set(front.edge);
    const next: string[] = [];
    let meeting: string | null = null;
    for (const edge of edges) {
      const [cause, effect] = [causeOf(edge), effectOf(edge)];
      const steps: [string, string][] = [];
      if (front.side !== 'used' && here.has(cause)) steps.push([cause, effect]);
      if (front.side !== 'led' && here.has(effect)) steps.push([effect, cause]);
      for (const [back, met] of steps) {
        if (front.met.has(met)) continue;
        front.met.set(met, { edge, back });
        next.push(met);
        searched.nodes++;
        if (meeting === null && other.met.has(met)) meeting = met;
      }
    }
    front.edge = next;
    if (meeting !== null) return { ...walkBack(fronts, meeting), searched };
  }
  return { ids: null, edges: [], searched };
}

function walkBack([a, b]: [Front, Front], meeting: string): { ids: string[]; edges: LineageEdge[] } {
  const half = (front: Front) => {
    const ids: string[] = [];
    const edges: LineageEdge[] = [];
    for (let step = front.met.get(meeting); step; step = front.met.get(step.back)) {
      ids.push(step.back);
      edges.push(step.edge);
    }
    return { ids, edges };
  };
  const [before, after] = [half(a), half(b)];
  return {
    ids: [...before.ids.reverse(), meeting, ...after.ids],
    edges: [...before.edges.reverse(), ...after.edges],
  };
}
