import type { SearchQuery } from '@/lib/decisions/search-query';
import { windowOf } from '@/lib/decisions/search-query';
import { getPool } from '../database/pool';
import { type CountedBy, type Dimension, dimensionValues } from '../records/rollup-dimensions';
import type { Bind } from './search-terms';

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
/** A window up to this long is drawn in hours. */
const HOURLY_MS = 5 * DAY_MS;

/** The time that counts are taken over, in whole hours; undefined bounds are open. */
export interface RollupWindow {
  afterMs: number | undefined;
  beforeMs: number | undefined;
  /** What one row of the source counts at most. */
  grainMs: number;
}

/** The window of some whole UTC days, `toMs` excluded. */
export function wholeDays(fromMs: number, toMs: number): RollupWindow {
  return { afterMs: fromMs, beforeMs: toMs, grainMs: DAY_MS };
}

/** The window of a search, narrowed to when there are decisions at all. */
export async function readRollupWindow(tenant: string, query: SearchQuery): Promise<RollupWindow> {
  const { afterMs, beforeMs } = windowOf(query);
  const result = await getPool().query<{ first: Date | null; last: Date | null }>(
    `SELECT (SELECT min(day) FROM rollup_days WHERE tenant = $1) AS first,
       (SELECT max(day) FROM rollup_days WHERE tenant = $1) AS last`,
    [tenant],
  );
  const { first, last } = result.rows[0] ?? { first: null, last: null };
  const from = Math.max(afterMs ?? 0, first?.getTime() ?? 0);
  const to = Math.min(beforeMs ?? Number.POSITIVE_INFINITY, (last?.getTime() ?? 0) + DAY_MS);
  return { afterMs, beforeMs, grainMs: to - from <= HOURLY_MS ? HOUR_MS : DAY_MS };
}

/** Which decisions are counted, and by what. */
export interface RollupCounts {
  tenant: string;
  window: RollupWindow;
  /** Only decisions that have one of these values, dimension by dimension. */
  given?: Partial<Record<Dimension, readonly string[]>>;
  /** What they are counted by, each for itself. */
  dims: readonly CountedBy[];
  /** Each count apart by the values of this dimension too. */
  by?: Dimension;
}

/**
 * Counts as `(at, verdict, by_value, dim, value, n)`; `by_value` is '' unless they are asked `by` something. Whole days
 * come from the counts by day, the ends of a window that does not begin or end at midnight UTC from the counts by hour.
 *
 * Of days that are folded, counts of at most one dimension beside `dims` are read from `rollup_pairs`: as many rows
 * however many decisions and combinations there were. Everything else is added up from the combinations. Which days those
 * are is read in the same statement, hence of the same moment, as the counts.
 */
export function rollupSource(counts: RollupCounts, bind: Bind): string {
  const tenant = bind(counts.tenant);
  const given = Object.entries(counts.given ?? {}).map(([dim, values]) => ({ dim, values: bind(values) }));
  const between = (column: string, { from, to }: Span) =>
    (from === undefined ? '' : ` AND ${column} >= ${bind(new Date(from))}`) +
    (to === undefined ? '' : ` AND ${column} < ${bind(new Date(to))}`);
  const combinations = (table: 'rollups' | 'rollup_days', at: string, when: string) =>
    `SELECT ${at} AS at, r.verdict, ${counts.by ? `r.${counts.by}` : `''`} AS by_value, d.dim, d.value, r.n
       FROM ${table} r, LATERAL ${dimensionValues(counts.dims)} AS d(dim, value) WHERE r.tenant = ${tenant}${when}
        ${given.map(({ dim, values }) => `AND r.${dim} = ANY(${values})`).join(' ')}`;

  const { days, hours } = spansOf(counts.window);
  const arms = hours.map((span) => combinations('rollups', 'r.hour', between('r.hour', span)));
  const beside = new Set([...given.map(({ dim }) => dim), ...(counts.by ? [counts.by] : [])]);
  if (days === null) return unionOf(arms);
  const inDays = between('r.day', days);
  if (beside.size > 1) return unionOf([combinations('rollup_days', 'r.day', inDays), ...arms]);
  const [byDim = ''] = beside;
  const listOf = (which: string) => `= ANY(ARRAY(SELECT day FROM days WHERE ${which}))`;
  const pairs = `SELECT p.day AS at, p.verdict, ${counts.by ? 'p.by_value' : `''`} AS by_value, p.dim, p.value, p.n
       FROM rollup_pairs p WHERE p.tenant = ${tenant} AND p.day ${listOf('is_folded')} AND p.by_dim = '${byDim}'
        AND p.dim IN (${counts.dims.map((dim) => `'${dim}'`).join(', ')})
        ${given.map(({ values }) => `AND p.by_value = ANY(${values})`).join(' ')}`;
  const others = combinations('rollup_days', 'r.day', ` AND r.day ${listOf('NOT is_folded')}`);
  return unionOf([pairs, others, ...arms], `WITH RECURSIVE ${foldedDays(tenant, inDays)}`);
}

const unionOf = (arms: readonly string[], first = '') => `(${first} ${arms.join('\nUNION ALL\n')})`;

interface Span {
  from: number | undefined;
  to: number | undefined;
}

/** The whole days of a window, and what is left of it at its ends; or hours alone. */
function spansOf({ afterMs, beforeMs, grainMs }: RollupWindow): { days: Span | null; hours: Span[] } {
  const from = afterMs === undefined ? undefined : Math.ceil(afterMs / DAY_MS) * DAY_MS;
  const to = beforeMs === undefined ? undefined : Math.floor(beforeMs / DAY_MS) * DAY_MS;
  if (grainMs === HOUR_MS || (from !== undefined && to !== undefined && from > to))
    return { days: null, hours: [{ from: afterMs, to: beforeMs }] };
  return {
    days: { from, to },
    hours: [
      ...(from === afterMs ? [] : [{ from: afterMs, to: from }]),
      ...(to === beforeMs ? [] : [{ from: to, to: beforeMs }]),
    ],
  };
}

/**
 * `days (day, is_folded)`: the days that have decisions, found by stepping through the key of `rollup_days`. A day is
 * folded unless decisions came for it since.
 */
function foldedDays(tenant: string, window: string): string {
  const next = (after: string) =>
    `SELECT r.day FROM rollup_days r WHERE r.tenant = ${tenant}${window}${after} ORDER BY r.day LIMIT 1`;
  const marked = (table: 'rollup_folds' | 'rollup_late') =>
    `EXISTS (SELECT 1 FROM ${table} m WHERE m.tenant = ${tenant} AND m.day = s.day)`;
  return `steps AS ((${next('')}) UNION ALL SELECT n.day FROM steps s, LATERAL (${next(' AND r.day > s.day')}) AS n),
    days AS MATERIALIZED (SELECT s.day, ${marked('rollup_folds')} AND NOT ${marked('rollup_late')} AS is_folded FROM steps s)`;
}
