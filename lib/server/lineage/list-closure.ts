import type { WayLimits } from '@/lib/lineage/find-way';
import type { LineageClosure, LineageNode, NodeKind } from '@/lib/lineage/lineage-view';
import { type ClosureStep, walkClosure } from '@/lib/lineage/walk-closure';
import { getPool } from '../database/pool';
import { ServiceError } from '../errors';
import { kindsByEdge, nameNodes } from './describe-nodes';
import { edgesOf } from './expand-edges';
import { NOTHING_WITHHELD, type Withheld } from './find-withheld';
import { requireNode } from './require-node';

export const CLOSURE_LIMITS: WayLimits = { hops: 24, nodes: 10_000 };
const MOST_AGENTS = 50;

export interface ClosureRequest {
  node: string;
  kind?: NodeKind | undefined;
  agent?: string | undefined;
  /** Only what is at most this many hops away. */
  hops?: number | undefined;
  after?: number | undefined;
  limit: number;
}

/**
 * "What else did this touch": everything that came of a node, nearest first, one page of what fits. The counts are over
 * all that was found; `complete` says whether that is all there is.
 * @throws ServiceError `not_found`
 */
export async function listClosure(
  tenant: string,
  request: ClosureRequest,
  limits: WayLimits = CLOSURE_LIMITS,
  withheld: Withheld = NOTHING_WITHHELD,
): Promise<LineageClosure> {
  const { node, kind, agent, after = 0, limit } = request;
  await requireNode(tenant, node, withheld);
  const { steps, complete } = await walkClosure(node, limits, edgesOf(tenant, withheld));
  const kinds = await kindsByEdge(tenant, steps);
  const agents = await agentsOf(tenant, steps, kinds);
  const matching = steps.filter(
    (step) =>
      (kind === undefined || kinds.get(step.id) === kind) &&
      (agent === undefined || agents.get(step.id) === agent) &&
      (request.hops === undefined || step.hops <= request.hops),
  );
  const page = matching.slice(after, after + limit);
  const nodes = await nameNodes(
    tenant,
    [node, ...page.map(({ id }) => id)],
    page.map(({ edge }) => edge),
    withheld,
  );
  const byId = new Map(nodes.map((each) => [each.id, each]));
  const center = byId.get(node);
  if (!center) throw new ServiceError('not_found', 'Nothing here has this name.');
  const end = after + page.length;
  return {
    center,
    rows: page.map((step) => ({
      node: byId.get(step.id) as LineageNode,
      hops: step.hops,
      via: step.edge.kind,
      from: step.from,
    })),
    next: end < matching.length ? end : null,
    counts: countBy(kinds.values()) as LineageClosure['counts'],
    agents: Object.entries(countBy(agents.values()))
      .map(([name, n]) => ({ agent: name, n }))
      .sort((a, b) => b.n - a.n || (a.agent < b.agent ? -1 : 1))
      .slice(0, MOST_AGENTS),
    matching: matching.length,
    complete,
    limits,
  };
}

function countBy(values: Iterable<string>): Record<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return Object.fromEntries(counts);
}

async function agentsOf(
  tenant: string,
  steps: readonly ClosureStep[],
  kinds: ReadonlyMap<string, NodeKind>,
): Promise<Map<string, string>> {
  const ids = steps.filter(({ id }) => kinds.get(id) === 'decision').map(({ id }) => id);
  if (ids.length === 0) return new Map();
  const { rows } = await getPool().query<{ id: string; agent: string }>(
    'SELECT id, agent FROM decisions WHERE id = ANY($1) AND tenant = $2',
    [ids, tenant],
  );
  return new Map(rows.map(({ id, agent }) => [id, agent]));
}
