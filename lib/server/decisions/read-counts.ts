import type { OutcomeVerdict } from '@/lib/decisions/record-payload';
import { getPool } from '../database/pool';
import type { CountedBy } from '../records/rollup-dimensions';
import { type RollupCounts, rollupSource } from './rollup-source';

export interface CountsAsked extends RollupCounts {
  /** Those of `dims` whose counts are told hour by hour or day by day, as the window is; the others as one sum. */
  timed?: readonly CountedBy[];
}

export interface Count {
  /** When it begins; null where the count is over the whole window. */
  atMs: number | null;
  verdict: OutcomeVerdict;
  /** Value of the dimension that counts are asked `by`, or ''. */
  by: string;
  dim: CountedBy;
  /** '' also where a decision has no control or no rule. */
  value: string;
  /** More than 0. */
  n: number;
}

/** The statement of `readCounts`. */
export function countsStatement(asked: CountsAsked): { text: string; values: unknown[] } {
  const values: unknown[] = [];
  const source = rollupSource(asked, (value) => `$${values.push(value)}`);
  const timed = asked.timed?.map((dim) => `'${dim}'`).join(', ');
  const at = timed ? `CASE WHEN dim IN (${timed}) THEN at END` : 'NULL::timestamptz';
  return {
    text: `SELECT ${at} AS at, verdict, by_value AS by, dim, value, sum(n)::bigint AS n FROM ${source} c GROUP BY 1, 2, 3, 4, 5`,
    values,
  };
}

/** How many decisions there were, by verdict and by each of some dimensions. Exact. */
export async function readCounts(asked: CountsAsked): Promise<Count[]> {
  const { text, values } = countsStatement(asked);
  const result = await getPool().query<Omit<Count, 'atMs'> & { at: Date | null }>(text, values);
  return result.rows.map(({ at, ...count }) => ({ ...count, atMs: at?.getTime() ?? null }));
}
