import type { BreakGlassView } from '@/lib/identity/break-glass-requests';

export const BREAK_GLASS_REASON_WORDS: Record<BreakGlassView['reasonCode'], string> = {
  'patient-safety': 'A patient’s safety',
  'fraud-in-progress': 'Fraud under way',
  outage: 'An outage',
  'nobody-reachable': 'Nobody with authority is reachable',
  'legal-deadline': 'A legal deadline',
  other: 'Another reason',
};

export const BREAK_GLASS_STATE_WORDS: Record<BreakGlassView['state'], string> = {
  asked: 'waits for a second person',
  lapsed: 'nobody confirmed it in time',
  open: 'open',
  review_due: 'review due',
  review_overdue: 'review overdue',
  reviewed: 'reviewed',
};

export const FINDING_WORDS: Record<NonNullable<BreakGlassView['finding']>, string> = {
  justified: 'Justified',
  'justified-with-measures': 'Justified, with measures to take',
  'not-justified': 'Not justified',
};

export const RELAXES_WORDS: Record<BreakGlassView['relaxes'][number], string> = {
  limits: 'limits of one’s own authority',
  hours: 'hours of authority',
  senior: 'waiting for a senior reviewer',
};
