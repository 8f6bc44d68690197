import type { z } from 'zod';
import type { attentionRules } from '@/lib/policy/attention-rules';

/** How the demo's organisations look after their reviewers' attention. */
export const DEMO_ATTENTION: z.input<typeof attentionRules> = {
  reading: { perThousandCharactersMs: 1_000, perItemMs: 500, atMostMs: 4_000 },
  load: {
    decisionsPerHour: 24,
    activeMinutes: 90,
    breakMinutes: 10,
    weights: { reversible: 1, bounded: 1, unbounded: 2 },
  },
  drills: { perHundred: 3, knownBadPercent: 70, withinMinutes: 60, skipWhenWaiting: 50 },
  whenFatigued: 'lessLoad',
};
