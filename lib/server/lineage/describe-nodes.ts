import { FORWARD_KINDS } from '@/lib/lineage/edge-direction';
import { COUNT_LIMIT, type LineageEdge, type LineageNode, type NodeKind } from '@/lib/lineage/lineage-view';
import type { ClosureStep } from '@/lib/lineage/walk-closure';
import { getPool } from '../database/pool';
import { NOTHING_WITHHELD, type Withheld } from './find-withheld';
import { nameDocuments } from './name-documents';
import { nameForeignDecisions } from './name-foreign-decisions';

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

const VERSION_KINDS: Record<string, NodeKind> = {
  prompt: 'prompt',
  policy: 'policy',
  model: 'model',
  index: 'index',
  guardrail: 'guardrail',
  threshold: 'version',
  routing: 'version',
};

export interface SeenEdge extends LineageEdge {
  occurredAt?: Date;
}

const FORWARD = FORWARD_KINDS.map((kind) => `'${kind}'`).join(', ');

/** What edges say of their ends; a named parent that is not here is missing whatever else is said. */
function hintsOf(edges: readonly SeenEdge[]): { kinds: Map<string, NodeKind>; firstAt: Map<string, Date> } {
  const kinds = new Map<string, NodeKind>();
  const firstAt = new Map<string, Date>();
  const hint = (id: string, kind: NodeKind | undefined) => {
    if (kind !== undefined && !kinds.has(id)) kinds.set(id, kind);
  };
  for (const { kind, target } of edges) if (kind === 'parent') hint(target, 'missing');
  for (const { source, kind, target, occurredAt } of edges) {
    hint(source, SOURCE_KINDS[kind]);
    hint(target, TARGET_KINDS[kind]);
    if (occurredAt && !firstAt.has(source)) firstAt.set(source, occurredAt);
  }
  return { kinds, firstAt };
}

function kindByName(id: string): NodeKind | undefined {
  if (id.startsWith('model:')) return 'model';
  if (id.startsWith('index:')) return 'index';
  return id.startsWith('ext:') ? 'external' : undefined;
}

/** Where no edge says it. */
function kindByPrefix(id: string): NodeKind {
  if (id.startsWith('esc_')) return 'escalation';
  if (id.startsWith('apr_')) return 'approval';
  return id.startsWith('dec_') ? 'decision' : 'record';
}

interface Described {
  label: string;
  note: string | null;
  at: Date | null;
}

/** Nodes with the best name there is: from the projections, and for documents from a record that names them. */
export async function nameNodes(
  tenant: string,
  ids: readonly string[],
  edges: readonly SeenEdge[],
  withheld: Withheld = NOTHING_WITHHELD,
): Promise<LineageNode[]> {
  const nodes = await describeNodes(tenant, ids, edges, withheld);
  const unnamed = nodes.filter(
    ({ id, label, kind }) => label === id && ['retrieved', 'input', 'output', 'record'].includes(kind),
  );
  const names = await nameDocuments(
    tenant,
    unnamed.map(({ id }) => id),
  );
  return nodes.map((node) => ({ ...node, ...names.get(node.id) }));
}

/** What the nodes of a closure are, by the edge that each was met by: no row of theirs is read for it. */
export async function kindsByEdge(
  tenant: string,
  steps: readonly ClosureStep[],
): Promise<Map<string, NodeKind>> {
  const changed = steps.filter(({ edge }) => edge.kind === 'changes').map(({ id }) => id);
  const versions =
    changed.length === 0
      ? []
      : (
          await getPool().query<{ digest: string; kind: string }>(
            'SELECT digest, kind FROM versions WHERE tenant = $1 AND digest = ANY($2)',
            [tenant, changed],
          )
        ).rows;
  const versionKinds = new Map(versions.map(({ digest, kind }) => [digest, VERSION_KINDS[kind]]));
  return new Map(
    steps.map(({ id, edge }): [string, NodeKind] => {
      if (edge.kind === 'created') return [id, 'external'];
      if (edge.kind === 'output') return [id, 'output'];
      if (edge.kind === 'changes') return [id, versionKinds.get(id) ?? 'version'];
      return [id, SOURCE_KINDS[edge.kind] ?? 'decision'];
    }),
  );
}

/**
 * Names and counts of nodes from the projections of one tenant. Sides are counted up to `COUNT_LIMIT`, without what is
 * withheld.
 */
export async function describeNodes(
  tenant: string,
  ids: readonly string[],
  edges: readonly SeenEdge[],
  withheld: Withheld = NOTHING_WITHHELD,
): Promise<LineageNode[]> {
  const pool = getPool();
  const [decisions, versions, escalations, changes, counts, foreign] = await Promise.all([
    pool.query<{ id: string; agent: string; tool: string; verdict: string; occurred_at: Date }>(
      'SELECT id, agent, tool, verdict, occurred_at FROM decisions WHERE id = ANY($1) AND tenant = $2',
      [ids, tenant],
    ),
    pool.query<{ digest: string; kind: string; name: string; version: string; first_seen_at: Date }>(
      'SELECT digest, kind, name, version, first_seen_at FROM versions WHERE tenant = $1 AND digest = ANY($2)',
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
    pool.query<{ id: string; used: number; led: number }>(
      `SELECT n.id, o.n - o.forward + i.forward AS used, i.n - i.forward + o.forward AS led
         FROM unnest($2::text[]) AS n(id),
         LATERAL (SELECT count(*)::bigint AS n, count(*) FILTER (WHERE kind IN (${FORWARD}))::bigint AS forward
            FROM (SELECT kind FROM edges WHERE tenant = $1 AND source = n.id LIMIT ${COUNT_LIMIT}) a) o,
         LATERAL (SELECT count(*)::bigint AS n, count(*) FILTER (WHERE kind IN (${FORWARD}))::bigint AS forward
            FROM (SELECT kind FROM edges WHERE tenant = $1 AND target = n.id AND source <> ALL($3) LIMIT ${COUNT_LIMIT}) b) i`,
      [tenant, ids, [...withheld]],
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
  const versionKinds = new Map(versions.rows.map(({ digest, kind }) => [digest, kind]));
  const hints = hintsOf(edges);
  return ids.map((id) => {
    const found = described.get(id);
    const count = counted.get(id);
    const version = VERSION_KINDS[versionKinds.get(id) ?? ''];
    const kind = known.has(id)
      ? 'decision'
      : foreign.has(id)
        ? 'foreign'
        : (version ?? kindByName(id) ?? hints.kinds.get(id) ?? kindByPrefix(id));
    const at = found?.at ?? hints.firstAt.get(id) ?? null;
    return {
      id,
      kind,
      ...nameOf(id, found),
      agent: known.get(id)?.agent ?? null,
      at: at?.toISOString() ?? null,
      used: count?.used ?? 0,
      led: count?.led ?? 0,
    };
  });
}

function nameOf(id: string, found: Described | undefined): { label: string; note: string | null } {
  if (found) return { label: found.label, note: found.note };
  const external = /^ext:([^:]*):([^:]*):(.*)$/s.exec(id);
  if (external) return { label: `${external[2]} ${external[3]}`, note: external[1] ?? null };
  return { label: id, note: null };
}
