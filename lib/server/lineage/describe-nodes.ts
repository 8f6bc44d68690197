import type { LineageNode } from '@/lib/lineage/lineage-view';
import { COUNT_LIMIT } from '@/lib/lineage/lineage-view';
import { getPool } from '../database/pool';
import { nameForeignDecisions } from './name-foreign-decisions';

type NodeKind = LineageNode['kind'];

/** What an edge of this kind says about the thing at its target, and at its source. */
const TARGET_KINDS: Record<string, NodeKind> = {
  parent: 'decision',
  input: 'input',
  output: 'output',
  prompt: 'prompt',
  retrieved: 'retrieved',
  policy: 'policy',
  authorised_by: 'approval',
  reviews: 'escalation',
  approves: 'escalation',
  redeems: 'approval',
  revokes: 'approval',
};
const SOURCE_KINDS: Record<string, NodeKind> = {
  escalates: 'escalation',
  reviews: 'review',
  approves: 'approval',
  redeems: 'redemption',
  revokes: 'revocation',
  reports: 'outcome',
  changes: 'change',
  replaces: 'change',
};

export interface SeenEdge {
  source: string;
  kind: string;
  target: string;
  occurredAt: Date;
}

function kindOf(
  id: string,
  edges: readonly SeenEdge[],
  decisions: ReadonlyMap<string, unknown>,
  foreign: ReadonlyMap<string, unknown>,
): NodeKind {
  if (decisions.has(id)) return 'decision';
  if (foreign.has(id)) return 'foreign';
  if (edges.some(({ kind, target }) => kind === 'parent' && target === id)) return 'missing';
  if (id.startsWith('model:')) return 'model';
  if (id.startsWith('index:')) return 'index';
  if (id.startsWith('ext:')) return 'external';
  for (const edge of edges) {
    const said =
      edge.source === id ? SOURCE_KINDS[edge.kind] : edge.target === id ? TARGET_KINDS[edge.kind] : undefined;
    if (said) return said;
  }
  if (id.startsWith('esc_')) return 'escalation';
  if (id.startsWith('apr_')) return 'approval';
  return id.startsWith('dec_') ? 'decision' : 'record';
}

interface Described {
  label: string;
  note: string | null;
  at: Date | null;
}

/** Names and counts of nodes from the projections of one tenant. Sides are counted up to `COUNT_LIMIT`. */
export async function describeNodes(
  tenant: string,
  ids: readonly string[],
  edges: readonly SeenEdge[],
): Promise<LineageNode[]> {
  const pool = getPool();
  const [decisions, versions, escalations, changes, counts, foreign] = await Promise.all([
    pool.query<{ id: string; agent: string; tool: string; verdict: string; occurred_at: Date }>(
      'SELECT id, agent, tool, verdict, occurred_at FROM decisions WHERE id = ANY($1) AND tenant = $2',
      [ids, tenant],
    ),
    pool.query<{ digest: string; name: string; version: string; first_seen_at: Date }>(
      'SELECT digest, name, version, first_seen_at FROM versions WHERE tenant = $1 AND digest = ANY($2)',
      [tenant, ids],
    ),
    pool.query<{ id: string; state: string; rule: string; created_at: Date }>(
      'SELECT id, state, rule, created_at FROM escalations WHERE id = ANY($1) AND tenant = $2',
      [ids, tenant],
    ),
    pool.query<{ id: string; name: string; to_version: string; occurred_at: Date }>(
      'SELECT r.id, c.name, c.to_version, c.occurred_at FROM records r JOIN changes c ON c.tenant = r.tenant AND c.occurred_at = r.occurred_at AND c.id = r.id WHERE r.id = ANY($1) AND r.tenant = $2',
      [ids, tenant],
    ),
    pool.query<{ id: string; outward: number; created: number; inward: number; made: number }>(
      `SELECT n.id, o.outward, o.created, i.inward, i.made FROM unnest($2::text[]) AS n(id),
         LATERAL (SELECT count(*) FILTER (WHERE kind <> 'created')::bigint AS outward,
                         count(*) FILTER (WHERE kind = 'created')::bigint AS created
            FROM (SELECT kind FROM edges WHERE tenant = $1 AND source = n.id LIMIT ${COUNT_LIMIT}) a) o,
         LATERAL (SELECT count(*) FILTER (WHERE kind <> 'created')::bigint AS inward,
                         count(*) FILTER (WHERE kind = 'created')::bigint AS made
            FROM (SELECT kind FROM edges WHERE tenant = $1 AND target = n.id LIMIT ${COUNT_LIMIT}) b) i`,
      [tenant, ids],
    ),
    nameForeignDecisions(tenant, ids),
  ]);
  const described = new Map<string, Described>(foreign);
  for (const row of versions.rows)
    described.set(row.digest, { label: row.name, note: row.version, at: row.first_seen_at });
  for (const row of escalations.rows)
    described.set(row.id, { label: row.state, note: row.rule, at: row.created_at });
  for (const row of changes.rows)
    described.set(row.id, { label: row.name, note: row.to_version, at: row.occurred_at });
  for (const row of decisions.rows)
    described.set(row.id, { label: `${row.tool}, ${row.verdict}`, note: row.agent, at: row.occurred_at });
  const known = new Map(decisions.rows.map((row) => [row.id, row]));
  const counted = new Map(counts.rows.map((row) => [row.id, row]));
  return ids.map((id) => {
    const found = described.get(id);
    const count = counted.get(id);
    const kind = kindOf(id, edges, known, foreign);
    const at = found?.at ?? edges.find(({ source }) => source === id)?.occurredAt ?? null;
    return {
      id,
      kind,
      ...nameOf(id, found),
      at: at?.toISOString() ?? null,
      used: (count?.outward ?? 0) + (count?.made ?? 0),
      led: (count?.inward ?? 0) + (count?.created ?? 0),
    };
  });
}

function nameOf(id: string, found: Described | undefined): { label: string; note: string | null } {
  if (found) return { label: found.label, note: found.note };
  const external = /^ext:([^:]*):([^:]*):(.*)$/s.exec(id);
  if (external) return { label: `${external[2]} ${external[3]}`, note: external[1] ?? null };
  return { label: id, note: null };
}
