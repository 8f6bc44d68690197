import { HOP_LIMIT, type LineageHop, type LineageNode } from '@/lib/lineage/lineage-view';
import { getPool } from '../database/pool';
import { ServiceError } from '../errors';
import { nameNodes, type SeenEdge } from './describe-nodes';
import { NOTHING_WITHHELD, type Withheld } from './find-withheld';
import { nameFromRecord } from './name-from-record';

interface EdgeSqlRow {
  source: string;
  kind: string;
  target: string;
  occurred_at: Date;
}

export const OUTWARD_SQL =
  'SELECT source, kind, target, occurred_at FROM edges WHERE tenant = $1 AND source = $2 ORDER BY kind, target LIMIT $3';
export const INWARD_SQL =
  'SELECT source, kind, target, occurred_at FROM edges WHERE tenant = $1 AND target = $2 ORDER BY kind, source LIMIT $3';

/**
 * What a node rests on and what it led to, one hop each way, at most `limit` on each side; the counts say how many there
 * are. A node is a decision, another record's id, a digest, `model:…`, `index:…` or `ext:…`.
 * @throws ServiceError `not_found`, for another tenant's node as for none
 */
export async function getLineage(
  tenant: string,
  node: string,
  limit: number = HOP_LIMIT,
  withheld: Withheld = NOTHING_WITHHELD,
): Promise<LineageHop> {
  const [outward, inward, own] = await Promise.all([
    getPool().query<EdgeSqlRow>(OUTWARD_SQL, [tenant, node, limit]),
    getPool().query<EdgeSqlRow>(INWARD_SQL, [tenant, node, limit]),
    getPool().query('SELECT 1 FROM decisions WHERE id = $1 AND tenant = $2 LIMIT 1', [node, tenant]),
  ]);
  const edges: SeenEdge[] = [...outward.rows, ...inward.rows]
    .filter(({ source, target }) => !withheld.has(source) && !withheld.has(target))
    .map((row) => ({
      source: row.source,
      kind: row.kind,
      target: row.target,
      occurredAt: row.occurred_at,
    }));
  if (withheld.has(node) || (outward.rows.length + inward.rows.length === 0 && own.rows.length === 0))
    throw new ServiceError('not_found', 'Nothing here has this name.');
  const ids = [...new Set([node, ...edges.flatMap(({ source, target }) => [source, target])])];
  const [nodes, names] = await Promise.all([
    nameNodes(tenant, ids, edges, withheld),
    own.rows.length > 0 ? nameFromRecord(tenant, node) : new Map(),
  ]);
  return {
    center: node,
    // What the centre's own record says of a document is truer of this hop than what another one says.
    nodes: nodes.map((each) => (isDocument(each) ? { ...each, ...names.get(each.id) } : each)),
    edges: edges.map(({ source, kind, target }) => ({ source, kind, target })),
  };
}

function isDocument({ kind }: LineageNode): boolean {
  return kind === 'retrieved' || kind === 'input' || kind === 'output';
}
