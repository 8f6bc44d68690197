import { err, ok, type Result } from '@/lib/core/result';
import type { EscalationState, Verdict } from '@/lib/escalations/escalation-view';

/** What may happen to an escalation. `quorumReached` is decided by quorum.ts, after this approval is counted. */
export type EscalationEvent =
  | { type: 'verdict'; verdict: Verdict; quorumReached: boolean; atMs: number }
  | { type: 'expiry'; atMs: number }
  | { type: 'cancellation'; atMs: number }
  | { type: 'supersession' };

export type TransitionCode = 'escalation_ended' | 'late_verdict' | 'not_yet_expired' | 'task_terminal';

/**
 * The lifecycle: pending → approved | denied | expired | cancelled | superseded; every end is final. One denial ends it;
 * an approval ends it only when the quorum is reached. At `expiresAtMs` and after, no verdict counts (a timeout is never
 * an approval, and never a human denial), and only expiry may follow.
 */
export function decideTransition(
  current: { state: EscalationState; expiresAtMs: number },
  event: EscalationEvent,
): Result<EscalationState, TransitionCode> {
  if (current.state !== 'pending') {
    if (event.type === 'verdict' && current.state === 'expired') return err('late_verdict');
    return err(event.type === 'cancellation' ? 'task_terminal' : 'escalation_ended');
  }
  switch (event.type) {
    case 'verdict':
      if (event.atMs >= current.expiresAtMs) return err('late_verdict');
      if (event.verdict === 'deny') return ok('denied');
      return ok(event.quorumReached ? 'approved' : 'pending');
    case 'expiry':
      return event.atMs >= current.expiresAtMs ? ok('expired') : err('not_yet_expired');
    case 'cancellation':
      return event.atMs >= current.expiresAtMs ? err('task_terminal') : ok('cancelled');
    case 'supersession':
      return ok('superseded');
  }
}
