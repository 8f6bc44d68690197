import type { ReconciledDecision } from '@/lib/completeness/reconcile';
import type { OutcomeVerdict } from '@/lib/decisions/record-payload';
import { externalNode } from '@/lib/producers/edge-kinds';
import { getPool } from '../database/pool';
import { ServiceError } from '../errors';

/** More than anybody can look through; a list of that length is imported by shorter periods. */
const MOST_DECISIONS = 200_000;
const BATCH = 5_000;

export interface DecisionScope {
  tenant: string;
  system: string;
  type: string;
  tools: readonly string[];
  fromMs: number;
  toMs: number;
}

interface Row {
  id: string;
  occurred_at: Date;
  verdict: OutcomeVerdict;
  amount: string | null;
  currency: string | null;
  approval: string | null;
  redeemed: boolean;
  outcome: string | null;
}

/** An approval counts when it was redeemed; what was reported as not executed is not expected to be in a list. */
const DECISION_SQL = `SELECT d.id, d.occurred_at, d.verdict, d.amount::text AS amount, d.currency, a.id AS approval,
    r.approval IS NOT NULL AS redeemed, o.state AS outcome
  FROM decisions d
  LEFT JOIN escalations x ON x.tenant = d.tenant AND x.decision = d.id AND x.state = 'approved'
  LEFT JOIN approvals a ON a.escalation = x.id AND a.tenant = d.tenant
  LEFT JOIN redemptions r ON r.approval = a.id
  LEFT JOIN outcomes o ON o.approval = a.id`;

/**
 * The decisions that a downstream list of this time can be about: those of the chosen tools, and whatever reported one of
 * the listed ids, whenever it was decided.
 * @throws ServiceError `list_invalid` when there are too many
 */
export async function loadDecisions(
  scope: DecisionScope,
  listedIds: readonly string[],
): Promise<ReconciledDecision[]> {
  const rows = new Map<string, Row>();
  const found = await getPool().query<Row>(
    `${DECISION_SQL} WHERE d.tenant = $1 AND d.occurred_at >= $2 AND d.occurred_at < $3 AND d.tool = ANY($4)
      LIMIT ${MOST_DECISIONS + 1}`,
    [scope.tenant, new Date(scope.fromMs), new Date(scope.toMs), scope.tools],
  );
  if (found.rows.length > MOST_DECISIONS)
    throw new ServiceError(
      'list_invalid',
      `More than ${MOST_DECISIONS} decisions lie in this time: import shorter periods.`,
    );
  for (const row of found.rows) rows.set(row.id, row);
  for (const row of await findReporters(scope, listedIds)) rows.set(row.id, row);
  const downstream = await findDownstream(scope, [...rows.values()]);
  return [...rows.values()].map((row) => ({
    id: row.id,
    atMs: row.occurred_at.getTime(),
    verdict: row.verdict,
    permitted: row.verdict === 'allow' || row.redeemed,
    executed: row.verdict === 'allow' || (row.redeemed && (row.outcome ?? 'forwarded') === 'forwarded'),
    amount: row.amount,
    currency: row.currency,
    downstream: downstream.get(row.id) ?? [],
  }));
}

/** Decisions that reported one of these ids, by themselves or by their approval. */
async function findReporters(scope: DecisionScope, ids: readonly string[]): Promise<Row[]> {
  const rows: Row[] = [];
  for (let from = 0; from < ids.length; from += BATCH) {
    const targets = ids.slice(from, from + BATCH).map((id) => externalNode({ ...scope, id }));
    const found = await getPool().query<Row>(
      `WITH owners AS (SELECT DISTINCT source FROM edges WHERE tenant = $1 AND target = ANY($2) AND kind = 'created')
       ${DECISION_SQL} WHERE d.tenant = $1 AND d.id IN (
         SELECT source FROM owners
         UNION SELECT e.decision FROM owners w JOIN approvals ap ON ap.id = w.source AND ap.tenant = $1
           JOIN escalations e ON e.id = ap.escalation WHERE e.decision IS NOT NULL)`,
      [scope.tenant, targets],
    );
    rows.push(...found.rows);
  }
  return rows;
}

/** Ids of the system that each decision reported, by decision. */
async function findDownstream(scope: DecisionScope, rows: readonly Row[]): Promise<Map<string, string[]>> {
  const owners = new Map<string, string>();
  for (const { id, approval } of rows) {
    owners.set(id, id);
    if (approval !== null) owners.set(approval, id);
  }
  const prefix = externalNode({ ...scope, id: '' });
  const found = new Map<string, string[]>();
  const sources = [...owners.keys()];
  for (let from = 0; from < sources.length; from += BATCH) {
    const edges = await getPool().query<{ source: string; target: string }>(
      `SELECT source, target FROM edges WHERE tenant = $1 AND source = ANY($2) AND kind = 'created' AND starts_with(target, $3)`,
      [scope.tenant, sources.slice(from, from + BATCH), prefix],
    );
    for (const { source, target } of edges.rows) {
      const decision = owners.get(source) as string;
      const id = target.slice(prefix.length);
      const known = found.get(decision) ?? [];
      if (!known.includes(id)) found.set(decision, [...known, id]);
    }
  }
  return found;
}
