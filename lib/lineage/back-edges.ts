import { causeOf, effectOf } from './edge-direction';
import { edgeKey } from './lineage-graph';
import type { LineageEdge } from './lineage-view';

/**
 * Keys of edges that would close a circle of causes. Records are claims: two decisions may each name the other as its
 * parent, and a hostile one itself. What remains without these edges has an order.
 */
export function findBackEdges(edges: Iterable<LineageEdge>): Set<string> {
  const onward = new Map<string, LineageEdge[]>();
  for (const edge of edges) {
    const cause = causeOf(edge);
    const list = onward.get(cause);
    if (list) list.push(edge);
    else onward.set(cause, [edge]);
  }
  const back = new Set<string>();
  const state = new Map<string, 'open' | 'done'>();
  for (const start of onward.keys()) {
    if (state.has(start)) continue;
    state.set(start, 'open');
    // Depth first without recursion: a hostile chain may be as deep as it is long.
    const way = [{ id: start, next: 0 }];
    for (let top = way.at(-1); top; top = way.at(-1)) {
      const edge = onward.get(top.id)?.[top.next++];
      if (!edge) {
        state.set(top.id, 'done');
        way.pop();
        continue;
      }
      const effect = effectOf(edge);
      if (state.get(effect) === 'open') back.add(edgeKey(edge));
      else if (!state.has(effect)) {
        state.set(effect, 'open');
        way.push({ id: effect, next: 0 });
      }
    }
  }
  return back;
}
