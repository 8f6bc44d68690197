import { FORWARD_KINDS } from '@/lib/lineage/edge-direction';
import type { Expand } from '@/lib/lineage/find-way';
import type { LineageEdge } from '@/lib/lineage/lineage-view';
import { getPool } from '../database/pool';
import { NOTHING_WITHHELD, type Withheld } from './find-withheld';

/** Neighbours followed of one node on one side of `edges`; what has more is counted as cut. */
export const FOLLOWED = 2_000;
/** Neighbours followed of all nodes asked about at once. */
const FOLLOWED_TOGETHER = 50_000;

const FORWARD = FORWARD_KINDS.map((kind) => `'${kind}'`).join(', ');

/** A part of the edges at one end of each node; `kinds` restricts it to those that lead the wanted way. */
const part = (end: 'source' | 'target', kinds: string) => `
  SELECT e.source, e.kind, e.target, e.n FROM unnest($2::text[]) AS n(id), LATERAL (
    SELECT source, kind, target, row_number() OVER (ORDER BY kind, ${end === 'source' ? 'target' : 'source'}) AS n
      FROM (SELECT source, kind, target FROM edges WHERE tenant = $1 AND ${end} = n.id ${kinds}
             ORDER BY kind, ${end === 'source' ? 'target' : 'source'} LIMIT ${FOLLOWED + 1}) f) e`;

const SQL = {
  led: `${part('target', `AND kind NOT IN (${FORWARD})`)} UNION ALL ${part('source', `AND kind IN (${FORWARD})`)}`,
  used: `${part('source', `AND kind NOT IN (${FORWARD})`)} UNION ALL ${part('target', `AND kind IN (${FORWARD})`)}`,
  both: `${part('source', '')} UNION ALL ${part('target', '')}`,
} as const;
export const EXPAND_SQL: Readonly<Record<'led' | 'used' | 'both', string>> = SQL;

/** Hands over one tenant's edges to a bounded search, whole index ranges at a time; none at a withheld node. */
export function edgesOf(tenant: string, withheld: Withheld = NOTHING_WITHHELD): Expand {
  return async (ids, side) => {
    if (ids.length === 0) return { edges: [], cut: 0 };
    const { rows } = await getPool().query<LineageEdge & { n: number }>(
      `SELECT source, kind, target, n FROM (${SQL[side]}) x LIMIT ${FOLLOWED_TOGETHER + 1}`,
      [tenant, ids],
    );
    const edges = rows
      .filter(({ n, source, target }) => n <= FOLLOWED && !withheld.has(source) && !withheld.has(target))
      .slice(0, FOLLOWED_TOGETHER)
      .map(({ source, kind, target }) => ({ source, kind, target }));
    const cut = rows.filter(({ n }) => n > FOLLOWED).length;
    return { edges, cut: cut + (rows.length > FOLLOWED_TOGETHER ? 1 : 0) };
  };
}
