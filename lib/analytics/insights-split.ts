/** One dimension of the decisions of a window, value by value and day by day. */
import { z } from 'zod';
import { outcomeCounts } from './insights-view';

const n = z.number().int().nonnegative();
export const SPLIT_DIMENSIONS = ['agent', 'tool', 'control', 'rule', 'source', 'tenant'] as const;
export type SplitDimension = (typeof SPLIT_DIMENSIONS)[number];

const counted = z.object({ ...outcomeCounts.shape, of: n });

export const insightsSplit = z.object({
  dimension: z.enum(SPLIT_DIMENSIONS),
  from: z.string(),
  to: z.string(),
  /** Most decisions first. A control and a rule speak only where they stop something, so they are shares of all decisions. */
  values: z.array(
    z.object({
      name: z.string(),
      /** What to call it; an organisation has a name beside its id. */
      label: z.string(),
      totals: counted,
      days: z.array(z.object({ day: z.string(), ...counted.shape })),
    }),
  ),
  /** Values beyond those listed. */
  more: n,
});
export type InsightsSplit = z.infer<typeof insightsSplit>;
