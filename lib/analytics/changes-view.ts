import { z } from 'zod';
import { insightsView, outcomeCounts } from './insights-view';

/** What `/changes` is drawn from: the changes, newest first, and the outcome counts of every day around them. */
export const changesView = z.object({
  changes: z.array(
    insightsView.shape.changes.element.extend({
      fromVersion: z.string().nullable(),
      stream: z.string(),
      position: z.number().int(),
    }),
  ),
  /** Whether older ones exist that are not listed. */
  hasOlder: z.boolean(),
  days: z.array(z.object({ day: z.string(), ...outcomeCounts.shape, of: z.number().int() })),
});
export type ChangesView = z.infer<typeof changesView>;

/** Days before and after a change that are compared. */
export const CHANGE_SPAN_DAYS = 14;
