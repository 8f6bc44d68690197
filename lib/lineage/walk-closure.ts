/** Everything that followed from a node, nearest first, by bounded search over whatever hands over the edges. */
import { causeOf, effectOf } from './edge-direction';
import type { Expand, WayLimits } from './find-way';
import type { LineageEdge } from './lineage-view';

export interface ClosureStep {
  id: string;
  hops: number;
  /** The edge by which it was met first, and the node before it. */
  edge: LineageEdge;
  from: string;
}

export interface WalkedClosure {
  /** Nearest first, within one distance by id: the same edges give the same order, so that pages fit together. */
  steps: ClosureStep[];
  /** False: the search stopped at its limits, or a node had more effects than were handed over. */
  complete: boolean;
}

/** Nodes asked about at once. */
const BATCH = 500;

export async function walkClosure(start: string, limits: WayLimits, expand: Expand): Promise<WalkedClosure> {
  const met = new Set([start]);
  const steps: ClosureStep[] = [];
  let level = [start];
  let complete = true;
  for (let hops = 1; level.length > 0; hops++) {
    if (hops > limits.hops) return { steps, complete: false };
    const found = new Map<string, ClosureStep>();
    for (let at = 0; at < level.length; at += BATCH) {
      const ids = level.slice(at, at + BATCH);
      const here = new Set(ids);
      const { edges, cut } = await expand(ids, 'led');
      if (cut > 0) complete = false;
      for (const edge of edges) {
        const [from, id] = [causeOf(edge), effectOf(edge)];
        if (here.has(from) && !met.has(id) && !found.has(id)) found.set(id, { id, hops, edge, from });
      }
    }
    const next = [...found.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
    const room = limits.nodes - steps.length;
    for (const step of next.slice(0, room)) {
      met.add(step.id);
      steps.push(step);
    }
    if (next.length > room) return { steps, complete: false };
    level = next.map(({ id }) => id);
  }
  return { steps, complete };
}
