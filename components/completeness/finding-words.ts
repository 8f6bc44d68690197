import type { AnyFinding } from '@/lib/completeness/reconciliation-view';

/** Each finding in words, and what it means; what needs looking at first. */
export const FINDING_WORDS: Record<AnyFinding, { word: string; means: string; fine?: true }> = {
  action_without_decision: {
    word: 'Action without decision',
    means: 'The system did it, and no decision of that time and these tools accounts for it.',
  },
  action_despite_decision: {
    word: 'Action although not permitted',
    means: 'The decision was refused, deferred or never redeemed, and the system did it all the same.',
  },
  decision_without_action: {
    word: 'Decision without action',
    means: 'It was permitted and not reported as failed, and the list does not have it.',
  },
  amount_differs: { word: 'Amount differs', means: 'The same id, another amount or currency.' },
  time_differs: { word: 'Time differs', means: 'The same id, further apart than the tolerance.' },
  listed_twice: { word: 'Listed twice', means: 'The id stands in the list more than once.' },
  likely_match: {
    word: 'Likely match',
    means: 'No id was reported; amount, currency and time fit exactly one row and one decision.',
    fine: true,
  },
  matched: { word: 'Matched', means: 'By the downstream id; amount and time agree.', fine: true },
  unreadable: {
    word: 'Row not read',
    means:
      'No id, or one that may be somebody’s, or an amount or time that cannot be read. Nothing of it is kept.',
  },
};
