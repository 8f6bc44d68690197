import type { Tone } from '@/components/ui/tone';
import type { OutcomeVerdict } from '@/lib/decisions/record-payload';
import type { Ending } from '@/lib/evidence/decision-story';

export const OUTCOME_WORDS: Record<OutcomeVerdict, string> = {
  allow: 'Allowed',
  refuse: 'Refused',
  escalate: 'Escalated',
  defer: 'Deferred',
};

/** What became of it, as a badge and as the end of the page's sentence. */
export const ENDING_WORDS: Record<Ending, { badge: string; clause: string; tone: Tone | 'plain' }> = {
  allowed: { badge: 'Allowed', clause: 'it was allowed', tone: 'allow' },
  refused: { badge: 'Refused', clause: 'it was refused', tone: 'refuse' },
  deferred: { badge: 'Deferred', clause: 'it was deferred', tone: 'defer' },
  waiting: { badge: 'Waiting for a person', clause: 'a person has not decided yet', tone: 'escalate' },
  approved: { badge: 'Approved', clause: 'a person approved', tone: 'allow' },
  denied: { badge: 'Denied', clause: 'a person denied', tone: 'refuse' },
  expired: { badge: 'Expired', clause: 'nobody decided in time', tone: 'plain' },
  cancelled: { badge: 'Cancelled', clause: 'its gateway cancelled', tone: 'plain' },
  superseded: { badge: 'Superseded', clause: 'another request took its place', tone: 'plain' },
  revoked: {
    badge: 'Approved, then revoked',
    clause: 'a person approved, and it was revoked',
    tone: 'plain',
  },
  executed: { badge: 'Executed', clause: 'it was carried out', tone: 'allow' },
  failed: { badge: 'Sent, failed elsewhere', clause: 'the other system refused it', tone: 'plain' },
  not_executed: { badge: 'Not carried out', clause: 'it was not carried out', tone: 'plain' },
  unknown: { badge: 'Nothing more is known', clause: 'nothing more is recorded', tone: 'plain' },
};
