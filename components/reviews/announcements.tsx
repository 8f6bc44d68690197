'use client';

import { STATE_WORDS } from '@/components/escalations/escalation-words';
import { LiveRegion } from '@/components/ui/live-region';
import { useIsExpired } from './review-notice';
import type { Decision } from './use-decision';
import type { Review } from './use-review';

/** Says aloud what changes without a click: the state of the case, and how far the verdict has come. */
export function Announcements({ review, decision }: { review: Review; decision: Decision }) {
  const { row, result } = review.shown;
  const isExpired = useIsExpired(review);
  const redeemed = result?.approval?.redeemedAt ? 'The token was redeemed.' : '';
  const state = isExpired ? 'Expired.' : row.state === 'pending' ? '' : `${STATE_WORDS[row.state]}.`;
  const act = {
    idle: '',
    form: '',
    confirming: 'Check what you sign, then sign.',
    sending: 'Signing and recording.',
    device: 'Waiting for your device.',
    done: 'Your verdict is signed and recorded.',
    failed: 'Your verdict was not confirmed.',
  }[decision.state.at];
  return <LiveRegion>{[act, state, redeemed].filter(Boolean).join(' ')}</LiveRegion>;
}
