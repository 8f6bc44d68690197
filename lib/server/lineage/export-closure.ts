import { describeGraph } from '@/lib/evidence/provenance/describe-graph';
import { formatRunEvents, listRunEvents } from '@/lib/evidence/provenance/open-lineage';
import type { Expand, WayLimits } from '@/lib/lineage/find-way';
import type { LineageEdge, LineageNode } from '@/lib/lineage/lineage-view';
import { walkClosure } from '@/lib/lineage/walk-closure';
import { getConfig } from '../config';
import { nameNodes } from './describe-nodes';
import { edgesOf } from './expand-edges';
import { NOTHING_WITHHELD, type Withheld } from './find-withheld';
import { CLOSURE_LIMITS } from './list-closure';
import { requireNode } from './require-node';

export type LineageFormat = 'prov' | 'openlineage';

const NAMED_AT_ONCE = 500;

/**
 * Everything that came of a node as one document: PROV-JSON, or OpenLineage run events a line each.
 * @returns the text, and whether the closure is whole
 * @throws ServiceError `not_found`
 */
export async function exportClosure(
  tenant: string,
  node: string,
  format: LineageFormat,
  limits: WayLimits = CLOSURE_LIMITS,
  withheld: Withheld = NOTHING_WITHHELD,
): Promise<{ text: string; complete: boolean }> {
  await requireNode(tenant, node, withheld);
  const edges: LineageEdge[] = [];
  const expand = edgesOf(tenant, withheld);
  const listening: Expand = async (ids, side) => {
    const found = await expand(ids, side);
    edges.push(...found.edges);
    return found;
  };
  const { steps, complete } = await walkClosure(node, limits, listening);
  const ids = [node, ...steps.map(({ id }) => id)];
  const nodes: LineageNode[] = [];
  for (let at = 0; at < ids.length; at += NAMED_AT_ONCE)
    nodes.push(...(await nameNodes(tenant, ids.slice(at, at + NAMED_AT_ONCE), edges, withheld)));
  const known = new Set(ids);
  const graph = {
    nodes,
    edges: edges.filter(({ source, target }) => known.has(source) && known.has(target)),
  };
  const { origin } = getConfig();
  const text =
    format === 'prov'
      ? JSON.stringify(describeGraph(graph, { origin, center: node, complete }))
      : formatRunEvents(listRunEvents(graph, { origin }));
  return { text, complete };
}
