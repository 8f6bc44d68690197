/** The closed lists and bounds of escalations, apart from their schemas, so that a page need not load those to draw. */

export const ESCALATION_STATES = [
  'pending',
  'approved',
  'denied',
  'expired',
  'cancelled',
  'superseded',
  'drill',
] as const;

/** The sections of evidence whose reading is measured, in page order. */
export const EVIDENCE_SECTIONS = ['action', 'why', 'seen', 'history'] as const;

export const REASON_CODES = {
  approve: [
    'verified-with-party',
    'matches-evidence',
    'within-mandate',
    'clinical-picture-agrees',
    'other-approve',
  ],
  deny: [
    'not-verified',
    'looks-manipulated',
    'outside-mandate',
    'wrong-details',
    'clinically-inappropriate',
    'other-deny',
  ],
} as const;

/** An escalation that ends within this time counts as expiring. */
export const EXPIRING_WITHIN_MS = 5 * 60_000;

/** Types of server-sent events of GET /api/v1/events. */
export const CONSOLE_EVENTS = [
  'escalation.submitted',
  'escalation.changed',
  'escalation.raised',
  'break_glass.changed',
  'escalation.ended',
  'approval.redeemed',
  'approval.revoked',
  'outcome.reported',
] as const;

/** How many may be decided together: more than this nobody looks at one by one. */
export const MAX_BULK = 50;

/** Why a reviewer hands one up. A code and no words: words would lead whoever decides after them. */
export const HAND_UP_REASONS = ['beyond_expertise', 'unusual_case', 'policy_unclear'] as const;
export type HandUpReason = (typeof HAND_UP_REASONS)[number];

/** `not_taken` and `nobody_eligible` are the console's own; the others a reviewer's who handed it up. */
export const RAISE_REASONS = ['not_taken', 'nobody_eligible', ...HAND_UP_REASONS] as const;
