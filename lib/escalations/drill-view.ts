import * as z from 'zod';
import { instant } from '@/lib/decisions/record-payload';

/** What a drill was, told once it is over. */
export const drillView = z.object({
  known: z.enum(['good', 'bad']),
  result: z.enum(['right', 'wrong', 'unanswered']),
  /** What gave it away, or that nothing was wrong. */
  clue: z.string(),
  recipe: z.string(),
  scoredAt: instant,
  /** The seal that was in the log before, and what opens it. */
  drill: z.string(),
  commitment: z.string(),
  salt: z.string(),
  model: z.string(),
  /** A drill's token, which approves nothing; null unless it was approved. */
  token: z.string().nullable(),
});
export type DrillView = z.infer<typeof drillView>;
