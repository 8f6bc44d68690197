import type { DecisionPage, DecisionRow } from '@/lib/decisions/decision-view';
import { formatSearchCursor, type SearchCursor } from '@/lib/decisions/search-cursor';
import type { SearchQuery } from '@/lib/decisions/search-query';
import { getPool } from '../database/pool';
import type { Tx } from '../database/transaction';
import { type DecisionSqlRow, toDecisionRow } from './decision-columns';
import {
  chooseWalk,
  EVERY_DECISION,
  pageStatement,
  reachStatement,
  type Span,
  type Statement,
} from './search-plan';
import { readConditions, type SearchCondition } from './search-terms';

export interface PageRequest {
  /** Rows on the far side of this place; without it the newest. */
  cursor?: SearchCursor | undefined;
  direction?: 'older' | 'newer';
  /** 1 to 2,000. */
  limit: number;
  /** For whoever may decide: decisions whose escalation waits are left out. */
  withoutWaiting?: boolean | undefined;
}

/**
 * The statement of one page, and how far it looks; null: to the end.
 * @param request.columns of `decisions d`, where not all of a row is wanted
 */
export async function planPage(
  tenant: string,
  query: SearchQuery,
  { cursor, direction = 'older', limit, withoutWaiting = false, columns }: PageRequest & { columns?: string },
  db: Pick<Tx, 'query'> = getPool(),
): Promise<{ statement: Statement | null; to: SearchCursor | null }> {
  const span: Span = { tenant, query, cursor, direction, withoutWaiting };
  const conditions = await readConditions(tenant, query);
  const { walked, to } = await chooseCondition(conditions, span, db);
  // No run at all: a name without any version, an escalation without any decision.
  if (walked.runs?.length === 0) return { statement: null, to: null };
  const others = conditions.filter((condition) => condition !== walked);
  return { statement: pageStatement(walked, others, span, { limit: limit + 1, to, columns }), to };
}

async function chooseCondition(
  conditions: readonly SearchCondition[],
  span: Span,
  db: Pick<Tx, 'query'>,
): Promise<{ walked: SearchCondition; to: SearchCursor | null }> {
  const first = conditions.find(({ runs, few }) => few || runs?.length === 0);
  if (first) return { walked: first, to: null };
  const indexed = conditions.filter(({ runs }) => runs !== null);
  const candidates = indexed.length > 0 ? indexed : [EVERY_DECISION];
  if (conditions.length <= 1 && candidates.length === 1 && conditions.length === indexed.length)
    return { walked: candidates[0] ?? EVERY_DECISION, to: null };
  const result = await db.query<{ candidate: number; occurred_at: Date; id: string }>(
    reachStatement(candidates, span),
  );
  const reaches = result.rows.map((row) => ({ ...row, occurredAtMs: row.occurred_at.getTime() }));
  return chooseWalk(candidates, reaches, span.direction);
}

/**
 * One page of a tenant's decisions, newest first in both directions, by keyset: rows that arrive meanwhile are neither
 * skipped nor repeated. A page that is not full says how far it looked; its cursor goes on from there.
 */
export async function searchDecisions(
  tenant: string,
  query: SearchQuery,
  request: PageRequest,
  db: Pick<Tx, 'query'> = getPool(),
): Promise<DecisionPage> {
  const older = request.direction !== 'newer';
  const { statement, to } = await planPage(tenant, query, request, db);
  const found = statement === null ? [] : (await db.query<DecisionSqlRow>(statement)).rows;
  const more = found.length > request.limit;
  const rows = found.slice(0, request.limit).map(toDecisionRow);
  if (!older) rows.reverse();
  const first = rows[0];
  const last = rows.at(-1);
  // Where this page ends on the side it was read towards, and the side it came from.
  const ahead = more ? (older ? last && placeOf(last) : first && placeOf(first)) : (to ?? undefined);
  const cameFrom =
    request.cursor === undefined ? undefined : older ? first && placeOf(first) : last && placeOf(last);
  const [olderPlace, newerPlace] = older ? [ahead, cameFrom] : [cameFrom, ahead];
  return {
    rows,
    older: olderPlace ? formatSearchCursor(olderPlace) : null,
    newer: newerPlace ? formatSearchCursor(newerPlace) : null,
    searchedTo: more || to === null ? null : new Date(to.occurredAtMs).toISOString(),
  };
}

function placeOf(row: DecisionRow): SearchCursor {
  return { occurredAtMs: Date.parse(row.occurredAt), id: row.id };
}
