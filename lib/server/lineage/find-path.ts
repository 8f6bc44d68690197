import { type Expand, type FoundWay, findWay, type WayLimits } from '@/lib/lineage/find-way';
import type { LineagePath, PathWay } from '@/lib/lineage/lineage-view';
import { nameNodes } from './describe-nodes';
import { edgesOf } from './expand-edges';
import { NOTHING_WITHHELD, type Withheld } from './find-withheld';
import { requireNode } from './require-node';

export const PATH_LIMITS: WayLimits = { hops: 12, nodes: 50_000 };

/**
 * A way between two nodes of one tenant: `causal` from one to the other along causes and effects, in whichever direction
 * there is one; `any` along edges whichever way they point. None within the limits is no proof that there is none.
 * @throws ServiceError `not_found`
 */
export async function findPath(
  tenant: string,
  { from, to, way }: { from: string; to: string; way: PathWay },
  limits: WayLimits = PATH_LIMITS,
  withheld: Withheld = NOTHING_WITHHELD,
): Promise<LineagePath> {
  await Promise.all([requireNode(tenant, from, withheld), requireNode(tenant, to, withheld)]);
  const found = await search(edgesOf(tenant, withheld), from, to, way, limits);
  const edges = found.edges;
  const nodes = found.ids === null ? [] : await nameNodes(tenant, found.ids, edges, withheld);
  return { found: found.ids !== null, nodes, edges, searched: found.searched, limits };
}

async function search(
  expand: Expand,
  from: string,
  to: string,
  way: PathWay,
  limits: WayLimits,
): Promise<FoundWay> {
  if (way === 'any') return findWay(from, to, 'any', limits, expand);
  const onward = await findWay(from, to, 'onward', limits, expand);
  if (onward.ids !== null) return onward;
  const back = await findWay(to, from, 'onward', limits, expand);
  if (back.ids !== null) return { ...back, ids: back.ids.toReversed(), edges: back.edges.toReversed() };
  const searched = {
    hops: Math.max(onward.searched.hops, back.searched.hops),
    nodes: onward.searched.nodes + back.searched.nodes,
    cut: onward.searched.cut + back.searched.cut,
  };
  return { ...back, searched };
}
