'use client';

import { REASON_WORDS, ROLE_WORDS } from '@/components/escalations/escalation-words';
import { StateBadge } from '@/components/escalations/state-word';
import { MarkedText } from '@/components/ui/marked-text';
import { Time } from '@/components/ui/time';
import { useNowMs } from '@/components/ui/time-context';
import { Word } from '@/components/ui/word';
import { DrillTold } from './drill-told';
import { formatClock } from './dwell-words';
import { TokenWords } from './token-words';
import type { Review } from './use-review';

const MEANING = {
  approved: 'A token was issued after the record was written.',
  denied: 'The gateway has been told; nothing may be done.',
  expired: 'Recorded as expired, not as a denial. No token exists.',
  cancelled: 'Withdrawn by the gateway. No token exists.',
  superseded: 'Replaced by another request. No token exists.',
  drill: 'A practice. Nobody had asked for it; nothing was approved or refused.',
} as const;

/** How it ended: verdicts with their reasons and reading times, then the token. */
export function ReviewResult({ review }: { review: Review }) {
  const { shown, skewMs } = review;
  const nowMs = useNowMs();
  const { state } = shown.row;
  if (state === 'pending') return <OwnVerdict review={review} />;
  return (
    <div className="stack">
      <div className="card">
        <div className="subhead">
          <StateBadge state={state} />
          <span className="t2">{MEANING[state]}</span>
          {shown.row.endedAt !== null && (
            <span className="end lab">
              <Time at={shown.row.endedAt} />
            </span>
          )}
        </div>
        {shown.result !== null && shown.result.reviews.length > 0 && (
          <ul className="verdicts" aria-label="Verdicts">
            {shown.result.reviews.map((each) => (
              <li key={`${each.name}/${each.decidedAt}`}>
                <p>
                  <Word tone={each.verdict === 'approve' ? 'allow' : 'refuse'}>
                    {each.verdict === 'approve' ? 'Approved' : 'Denied'}
                  </Word>{' '}
                  by <b>{each.name}</b>, {ROLE_WORDS[each.role]},{' '}
                  {each.onBehalfOf ? `with authority lent by ${each.onBehalfOf}, ` : ''}
                  {each.breakGlass ? 'under break-glass, ' : ''}
                  <Time at={each.decidedAt} precision="clock" />
                </p>
                <p className="t2">
                  {REASON_WORDS[each.verdict][each.reasonCode] ?? each.reasonCode}:{' '}
                  <MarkedText text={each.reasonText} />
                </p>
                <p className="lab num">
                  {formatClock(each.activeMs)} active of {formatClock(each.reviewDwellMs)} open
                </p>
              </li>
            ))}
          </ul>
        )}
      </div>
      {shown.result?.drill && <DrillTold drill={shown.result.drill} />}
      {shown.result?.approval && (
        <TokenWords approval={shown.result.approval} shown={shown} skewMs={skewMs} nowMs={nowMs} />
      )}
    </div>
  );
}

/** Between the own verdict and the end: others must still decide, and what they said is not shown. */
function OwnVerdict({ review }: { review: Review }) {
  const { row, ownVerdict } = review.shown;
  return (
    <div className="card">
      <p>
        <Word tone={ownVerdict === 'deny' ? 'refuse' : 'allow'}>
          {ownVerdict === 'deny' ? 'You denied this' : 'You approved this'}
        </Word>
      </p>
      <p className="t2">
        Your verdict is signed and recorded: {row.approvals} of {row.needed} given. No token exists until the
        others have decided. They do not see your verdict before their own.
      </p>
    </div>
  );
}
