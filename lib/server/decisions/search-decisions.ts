import type { DecisionPage, DecisionRow } from '@/lib/decisions/decision-view';
import { formatSearchCursor, type SearchCursor } from '@/lib/decisions/search-cursor';
import type { SearchQuery } from '@/lib/decisions/search-query';
import { getPool } from '../database/pool';
import { DECISION_COLUMNS, type DecisionSqlRow, searchSql, toDecisionRow } from './search-conditions';

export interface PageRequest {
  /** Rows on the far side of this place; without it the newest. */
  cursor?: SearchCursor | undefined;
  direction?: 'older' | 'newer';
  /** 1 to 1,000. */
  limit: number;
}

/** The statement of one page; for `EXPLAIN` in tests as for the search itself. */
export function pageStatement(
  tenant: string,
  query: SearchQuery,
  { cursor, direction = 'older', limit }: PageRequest,
): { text: string; values: unknown[] } {
  const values: unknown[] = [];
  const { from, where, order } = searchSql(tenant, query, values);
  const older = direction === 'older';
  if (cursor) {
    const time = `$${values.push(new Date(cursor.occurredAtMs))}`;
    where.push(
      `(${order}.occurred_at, ${order}.id) ${older ? '<' : '>'} (${time}::timestamptz, $${values.push(cursor.id)}::text)`,
    );
  }
  const way = older ? 'DESC' : 'ASC';
  return {
    text: `SELECT ${DECISION_COLUMNS} FROM ${from} WHERE ${where.join(' AND ')}
      ORDER BY ${order}.occurred_at ${way}, ${order}.id ${way} LIMIT $${values.push(limit + 1)}`,
    values,
  };
}

/**
 * One page of a tenant's decisions, newest first in both directions, by keyset: rows that arrive meanwhile are neither
 * skipped nor repeated.
 */
export async function searchDecisions(
  tenant: string,
  query: SearchQuery,
  request: PageRequest,
): Promise<DecisionPage> {
  const older = request.direction !== 'newer';
  const result = await getPool().query<DecisionSqlRow>(pageStatement(tenant, query, request));
  const more = result.rows.length > request.limit;
  const rows = result.rows.slice(0, request.limit).map(toDecisionRow);
  if (!older) rows.reverse();
  const first = rows[0];
  const last = rows.at(-1);
  // On the side one came from there are rows, since the cursor was one of them.
  const cameFrom = request.cursor !== undefined;
  return {
    rows,
    older: last && (older ? more : cameFrom) ? cursorOf(last) : null,
    newer: first && (older ? cameFrom : more) ? cursorOf(first) : null,
  };
}

function cursorOf(row: DecisionRow): string {
  return formatSearchCursor({ occurredAtMs: Date.parse(row.occurredAt), id: row.id });
}
