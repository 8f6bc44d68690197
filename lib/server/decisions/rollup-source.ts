import type { SearchQuery } from '@/lib/decisions/search-query';
import { windowOf } from '@/lib/decisions/search-query';
import { getPool } from '../database/pool';
import type { Bind } from './search-terms';

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
/** A window up to this long is drawn in hours. */
const HOURLY_MS = 5 * DAY_MS;

const COLUMNS = 'stream, agent, tool, control, rule, source, verdict, n';

/** The time that counts are taken over, in whole hours; undefined bounds are open. */
export interface RollupWindow {
  afterMs: number | undefined;
  beforeMs: number | undefined;
  /** What one row of the source counts at most. */
  grainMs: number;
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

/**
 * Rollups of a window as `(at, stream, agent, …, n)`: whole days from the counts by day, the ends of a window that does
 * not begin or end at midnight UTC from the counts by hour. Costs days, not decisions.
 */
export function rollupSource(
  tenant: string,
  { afterMs, beforeMs, grainMs }: RollupWindow,
  bind: Bind,
): string {
  const arm = (table: 'rollups' | 'rollup_days', from: number | undefined, to: number | undefined) => {
    const start = table === 'rollups' ? 'hour' : 'day';
    const where = [`tenant = ${bind(tenant)}`];
    if (from !== undefined) where.push(`${start} >= ${bind(new Date(from))}`);
    if (to !== undefined) where.push(`${start} < ${bind(new Date(to))}`);
    return `SELECT ${start} AS at, ${COLUMNS} FROM ${table} WHERE ${where.join(' AND ')}`;
  };
  const firstDay = afterMs === undefined ? undefined : Math.ceil(afterMs / DAY_MS) * DAY_MS;
  const lastDay = beforeMs === undefined ? undefined : Math.floor(beforeMs / DAY_MS) * DAY_MS;
  if (grainMs === HOUR_MS || (firstDay !== undefined && lastDay !== undefined && firstDay > lastDay))
    return `(${arm('rollups', afterMs, beforeMs)})`;
  const arms = [arm('rollup_days', firstDay, lastDay)];
  if (firstDay !== afterMs) arms.push(arm('rollups', afterMs, firstDay));
  if (lastDay !== beforeMs) arms.push(arm('rollups', lastDay, beforeMs));
  return `(${arms.join('\nUNION ALL\n')})`;
}
