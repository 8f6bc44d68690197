/**
 * How a search is read so that its cost does not grow with the number of decisions. A *run* is a part of a table that an
 * index holds in the order of time. A search of one field reads its runs merged, and stops when the page is full. Several
 * fields have to be compared row by row: one of them is walked, at most `WALK_ROWS` a run at a time, and the page says how
 * far it has looked. The field to walk is the one whose runs reach farthest with that many rows, so that a rare field is
 * read whole, however common the others are.
 */
import { createHash } from 'node:crypto';
import type { SearchCursor } from '@/lib/decisions/search-cursor';
import { type SearchQuery, windowOf } from '@/lib/decisions/search-query';
import { DECISION_COLUMNS } from './decision-columns';
import type { Bind, Run, SearchCondition } from './search-terms';

export const WALK_ROWS = 10_000;

export interface Statement {
  /** Of a statement that is planned once per connection: only where no value could make another plan the better one. */
  name?: string;
  text: string;
  values: unknown[];
}

/** What every run is bounded by. */
export interface Span {
  tenant: string;
  query: SearchQuery;
  cursor?: SearchCursor | undefined;
  direction: 'older' | 'newer';
  /** Leaves decisions out whose escalation waits: where else a case may be read opens after the verdict. */
  withoutWaiting?: boolean;
}

/** All decisions, where no field has an index of its own. */
export const EVERY_DECISION: SearchCondition = {
  filter: () => 'true',
  runs: [{ table: 'decisions', where: () => 'true' }],
};

function binder(values: unknown[]): Bind {
  return (value) => `$${values.push(value)}`;
}

/** Conditions on the run's table as `k`. `to` is the last place to look at. */
function runWhere(
  run: Run,
  { tenant, query, cursor, direction, withoutWaiting }: Span,
  to: SearchCursor | null,
  bind: Bind,
): string {
  const where = [`k.tenant = ${bind(tenant)}`, run.where(bind)];
  const { afterMs, beforeMs } = windowOf(query);
  if (afterMs !== undefined) where.push(`k.occurred_at >= ${bind(new Date(afterMs))}`);
  if (beforeMs !== undefined) where.push(`k.occurred_at < ${bind(new Date(beforeMs))}`);
  const place = ({ occurredAtMs, id }: SearchCursor) =>
    `(${bind(new Date(occurredAtMs))}::timestamptz, ${bind(id)}::text)`;
  const older = direction === 'older';
  if (withoutWaiting)
    where.push(`NOT EXISTS (SELECT 1 FROM escalations e
      WHERE e.tenant = k.tenant AND e.decision = k.id AND e.state = 'pending')`);
  if (cursor) where.push(`(k.occurred_at, k.id) ${older ? '<' : '>'} ${place(cursor)}`);
  if (to) where.push(`(k.occurred_at, k.id) ${older ? '>=' : '<='} ${place(to)}`);
  return where.join(' AND ');
}

const orderOf = (alias: string, { direction }: Span) => {
  const way = direction === 'older' ? 'DESC' : 'ASC';
  return `ORDER BY ${alias}.occurred_at ${way}, ${alias}.id ${way}`;
};

/** For each candidate, where each of its runs has given `WALK_ROWS` rows; a run that ends before has no row. */
export function reachStatement(candidates: readonly SearchCondition[], span: Span): Statement {
  const values: unknown[] = [];
  const bind = binder(values);
  const arms = candidates.flatMap(({ runs }, candidate) =>
    (runs ?? []).map(
      (run) => `(SELECT ${candidate} AS candidate, k.occurred_at, k.id FROM ${run.table} k
        WHERE ${runWhere(run, span, null, bind)} ${orderOf('k', span)} OFFSET ${WALK_ROWS - 1} LIMIT 1)`,
    ),
  );
  return { text: arms.join('\nUNION ALL\n'), values };
}

/** The rows of a walked condition that meet all others, as far as `to`. */
export function pageStatement(
  walked: SearchCondition,
  others: readonly SearchCondition[],
  span: Span,
  {
    limit,
    to,
    columns = DECISION_COLUMNS,
  }: { limit: number; to: SearchCursor | null; columns?: string | undefined },
): Statement {
  const values: unknown[] = [];
  const bind = binder(values);
  const rows = bind(limit);
  // Without a row-by-row comparison no run needs to give more than the page holds.
  const each = others.length === 0 ? `LIMIT ${rows}` : 'OFFSET 0';
  const arms = (walked.runs ?? []).map((run) => {
    const where = runWhere(run, span, to, bind);
    return run.table === 'decisions'
      ? `(SELECT k.* FROM decisions k WHERE ${where} ${orderOf('k', span)} ${each})`
      : `(SELECT d.* FROM (SELECT k.tenant, k.occurred_at, k.id FROM ${run.table} k WHERE ${where} ${orderOf('k', span)} ${each}) k
          JOIN decisions d ON d.tenant = k.tenant AND d.occurred_at = k.occurred_at AND d.id = k.id ${orderOf('k', span)})`;
  });
  const filters = others.map(({ filter }) => filter(bind));
  const text = `SELECT ${walked.repeats ? 'DISTINCT ON (d.occurred_at, d.id)' : ''} ${columns}
      FROM (${arms.join('\nUNION ALL\n')}) d ${filters.length > 0 ? `WHERE ${filters.join(' AND ')}` : ''}
      ${orderOf('d', span)} LIMIT ${rows}`;
  const isOneRun = arms.length === 1 && others.length === 0;
  return { ...(isOneRun ? { name: nameOf(text) } : {}), text, values };
}

const nameOf = (text: string) => `search-${createHash('sha256').update(text).digest('hex').slice(0, 32)}`;

interface Reach extends SearchCursor {
  candidate: number;
}

/** The candidate that reaches farthest, and how far: to its run that stopped first; null where none stopped. */
export function chooseWalk(
  candidates: readonly SearchCondition[],
  reaches: readonly Reach[],
  direction: Span['direction'],
): { walked: SearchCondition; to: SearchCursor | null } {
  const sign = direction === 'older' ? 1 : -1;
  const isAfter = (a: SearchCursor, b: SearchCursor) =>
    sign * (a.occurredAtMs - b.occurredAtMs || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)) > 0;
  let best: { walked: SearchCondition; to: SearchCursor | null } | null = null;
  for (const [index, walked] of candidates.entries()) {
    let to: SearchCursor | null = null;
    for (const { candidate, occurredAtMs, id } of reaches)
      if (candidate === index && (to === null || isAfter({ occurredAtMs, id }, to)))
        to = { occurredAtMs, id };
    if (best === null || (best.to !== null && (to === null || isAfter(best.to, to)))) best = { walked, to };
  }
  return best ?? { walked: EVERY_DECISION, to: null };
}
