import * as z from 'zod';
import { REVIEWING_SIGNALS } from '@/lib/analytics/reviewing-signals';
import { instant } from '@/lib/decisions/record-payload';
import { loadView } from '@/lib/escalations/load-view';
import { DRILL_RECIPES } from './drill-recipes';

/** What the system does about attention; each is a row of `attention_events`. */
export const ATTENTION_EVENT_KINDS = [
  /** Somebody reached a limit of load. */
  'limit_reached',
  /** What they held and had not begun went to whoever is next. */
  'put_back',
  /** Signs of fatigue: the policy's remedy holds for four hours. */
  'fatigue',
  /** An approval got one more place in its quorum because of them. */
  'second_reviewer',
] as const;
export const attentionEventKind = z.enum(ATTENTION_EVENT_KINDS);
export type AttentionEventKind = z.infer<typeof attentionEventKind>;

const n = z.number().int().nonnegative();

/** Below this many scored drills no rate is shown, only the count (product.md: never judge on small samples). */
export const FEWEST_DRILLS = 20;

const drillCounts = z.object({
  /** Known bad, and how many of them were denied. */
  bad: n,
  caught: n,
  /** Known good, and how many of them were approved. */
  good: n,
  passed: n,
});
export type DrillCounts = z.infer<typeof drillCounts>;

const signal = z.object({
  signal: z.enum(REVIEWING_SIGNALS),
  n,
  minimumN: n,
  state: z.enum(['few', 'quiet', 'shows']),
  value: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  others: z.number().nullable(),
});
export type SignalView = z.infer<typeof signal>;

/** Upper bounds of the classes of active reading, in seconds; the last class has none. */
export const ACTIVE_CLASSES_S = [5, 15, 30, 60, 120, 300] as const;

/** So many events are told, the newest. */
export const MOST_EVENTS = 100;

/** GET /api/v1/attention: how awake reviewing is and what the system did about it; people by name, never by figure. */
export const attentionView = z.object({
  days: n,
  from: instant,
  to: instant,
  verdicts: n,
  /** Verdicts by class of active reading. */
  active: z.array(n),
  /** Of verdicts with required sections, those that read all of them. */
  covered: z.object({ n, of: n }),
  /** Verdicts by hour of the day in UTC. */
  hours: z.array(n).length(24),
  drills: drillCounts.extend({ unanswered: n, open: n }),
  people: z.array(
    z.object({
      person: z.string(),
      name: z.string(),
      verdicts: n,
      activeMs: n,
      drills: drillCounts,
      /** What may be spread: a limit or a sign of fatigue that holds now. */
      spread: z.enum(['nothing', 'near', 'reached', 'fatigue']),
    }),
  ),
  events: z.array(
    z.object({
      id: z.string(),
      kind: attentionEventKind,
      reasonCode: z.string(),
      name: z.string(),
      escalation: z.string().nullable(),
      at: instant,
    }),
  ),
});
export type AttentionView = z.infer<typeof attentionView>;

/** GET /api/v1/attention/own: one's own reviewing, which nobody else is shown like this. */
export const ownReviewing = z.object({
  days: n,
  verdicts: n,
  approved: n,
  medianActiveMs: z.number().nullable(),
  load: loadView.nullable(),
  signals: z.array(signal),
  drills: drillCounts,
  told: z.array(
    z.object({
      escalation: z.string(),
      known: z.enum(['good', 'bad']),
      result: z.enum(['right', 'wrong', 'unanswered']),
      clue: z.string(),
      scoredAt: instant,
    }),
  ),
});
export type OwnReviewing = z.infer<typeof ownReviewing>;

/** POST /api/v1/drills */
export const planDrillRequest = z.strictObject({
  known: z.enum(['good', 'bad']),
  recipe: z.enum(DRILL_RECIPES).optional(),
  model: z
    .string()
    .regex(/^esc_[0-9a-f-]{36}$/)
    .optional(),
  withinMinutes: z.number().int().min(1).max(1_440),
});
