/**
 * Escalation of the escalation: what nobody with authority takes in time goes to the next higher authority. Raising only
 * tells people and moves a mark: it gives nobody a right and is never a verdict.
 */

import type { RAISE_REASONS } from './escalation-lists';

/** Senior reviewers decide it themselves; a compliance officer sees to it that somebody with authority does. */
export type RaiseTarget = 'senior_reviewer' | 'compliance';

export interface Raised {
  atMs: number;
  to: RaiseTarget;
  reason: (typeof RAISE_REASONS)[number];
}

/** Nobody is told when an hour strikes: where authority ends or begins by the clock, it is looked at again this often. */
const LOOK_AGAIN_MS = 5 * 60_000;

export type RaiseDecision =
  | { kind: 'raise'; to: RaiseTarget; reason: Raised['reason']; nextCheckMs: number | null }
  /** Somebody may decide it, or is at work on it: look again then. */
  | { kind: 'wait'; nextCheckMs: number | null };

/**
 * What is due for a pending escalation at `nowMs`. It goes up at once when nobody may decide it, else when nobody has
 * worked on it for `afterMinutes` since it came, since its last approval, or since it was raised. The next higher are
 * senior reviewers who may decide it and have not been asked as such, then compliance; above compliance there is nobody.
 */
export function decideRaise(input: {
  nowMs: number;
  /** When it came, was last approved or was raised, whichever was last. */
  sinceMs: number;
  raisedTo: RaiseTarget | null;
  /** Until when somebody holds it; null when nobody does. */
  leaseUntilMs: number | null;
  /** Absent: the policy raises only what nobody may decide. */
  afterMinutes: number | undefined;
  /** Roles of those who may decide it now. */
  eligible: readonly string[];
  /** One of them may at any hour, with authority of their own: then only a change of people ends that. */
  lasting: boolean;
}): RaiseDecision {
  const decision = decideAtOnce(input);
  // What lies with compliance stays there.
  const last = decision.kind === 'raise' ? decision.to : input.raisedTo;
  if (last === 'compliance' || input.lasting) return decision;
  const againMs = input.nowMs + LOOK_AGAIN_MS;
  return { ...decision, nextCheckMs: Math.min(decision.nextCheckMs ?? againMs, againMs) };
}

function decideAtOnce(input: Omit<Parameters<typeof decideRaise>[0], 'lasting'>): RaiseDecision {
  const { nowMs, raisedTo, afterMinutes } = input;
  if (raisedTo === 'compliance') return { kind: 'wait', nextCheckMs: null };
  const afterMs = afterMinutes === undefined ? null : afterMinutes * 60_000;
  if (input.eligible.length === 0) {
    return { kind: 'raise', to: 'compliance', reason: 'nobody_eligible', nextCheckMs: null };
  }
  if (afterMs === null) return { kind: 'wait', nextCheckMs: null };
  const dueMs = input.sinceMs + afterMs;
  const heldMs = input.leaseUntilMs !== null && input.leaseUntilMs > nowMs ? input.leaseUntilMs : null;
  if (heldMs !== null) return { kind: 'wait', nextCheckMs: Math.max(heldMs, dueMs) };
  if (nowMs < dueMs) return { kind: 'wait', nextCheckMs: dueMs };
  const to = nextHigher(raisedTo, input.eligible);
  return {
    kind: 'raise',
    to,
    reason: 'not_taken',
    nextCheckMs: to === 'senior_reviewer' ? nowMs + afterMs : null,
  };
}

/** Senior reviewers where one may decide it and they were not asked yet, else compliance. */
export function nextHigher(raisedTo: RaiseTarget | null, eligible: readonly string[]): RaiseTarget {
  return raisedTo === null && eligible.includes('senior_reviewer') ? 'senior_reviewer' : 'compliance';
}
