'use client';

import { Button } from '@/components/ui/button';
import { Fingerprint } from '@/components/ui/fingerprint';
import { Id } from '@/components/ui/id';
import type { Verdict } from '@/lib/escalations/escalation-view';
import { countSeen, DwellLine, formatClock, useReadingMs } from './dwell-words';
import { listLoad, listUnread } from './list-blockers';
import { useIsExpired } from './review-notice';
import { LeaseButton } from './review-side';
import type { Review } from './use-review';

/**
 * The line at the bottom of the pane and of the phone: how far reading has come, what would be signed, and the two
 * ways on. Both only open the form; `approve` stays locked, and says why, while required evidence is unread.
 */
export function ReviewBar({
  review,
  place,
  onChoose,
}: {
  review: Review;
  place: 'pane' | 'phone';
  onChoose: (verdict: Verdict) => void;
}) {
  const { shown } = review;
  const { activeMs, openMs } = useReadingMs(review);
  const isExpired = useIsExpired(review);
  if (shown.row.state !== 'pending' || shown.ownVerdict !== null || !shown.may.decide || isExpired)
    return null;
  const required = shown.requiredSections.length;
  const unread = listUnread(shown, shown.session).length;
  const missingSeconds = Math.ceil((shown.minimumActiveMs - activeMs) / 1000);
  const hidden = shown.notInspectable.blocks && shown.notInspectable.parts.length > 0;
  const isAtLimit = listLoad(shown, shown.session).length > 0;
  const isLocked = unread > 0 || missingSeconds > 0 || hidden || isAtLimit;
  const why = hidden
    ? 'Not inspectable: deny or leave it'
    : isAtLimit
      ? 'At your limit: for the next person'
      : unread > 0
        ? `Read ${unread} more to approve`
        : missingSeconds > 0
          ? `${missingSeconds} s more to approve`
          : 'Approve';
  const approve = (
    <Button
      icon="check"
      locked={isLocked}
      kbd={place === 'pane' ? 'a' : undefined}
      title={isLocked ? why : undefined}
      onClick={() => onChoose('approve')}
    >
      {place === 'phone' ? why : 'Approve'}
    </Button>
  );
  const deny = (
    <Button icon="shield" kbd={place === 'pane' ? 'd' : undefined} onClick={() => onChoose('deny')}>
      Deny
    </Button>
  );
  const signs = (
    <>
      <span>You sign</span> <Fingerprint digest={shown.actionDigest} />
    </>
  );
  if (place === 'phone') {
    return (
      <div className="mfoot">
        <DwellLine review={review} />
        <div className="mrow">
          <span>
            {required > 0 && (
              <>
                <b>
                  {countSeen(review)} of {required}
                </b>{' '}
                seen,{' '}
              </>
            )}
            {formatClock(activeMs)} active
          </span>
          <span className="signs">{signs}</span>
        </div>
        <div className="mrow acts">
          {deny}
          {approve}
        </div>
      </div>
    );
  }
  return (
    <div className="decide">
      <DwellLine review={review} />
      <div>
        <p className="dw">
          <b>
            {required === 0
              ? 'No section must be read'
              : `${countSeen(review)} of ${required} ${required === 1 ? 'section' : 'sections'} seen`}
          </b>
          , {formatClock(activeMs)} active of {formatClock(openMs)} open
          {isLocked && <span className="dim">{why}</span>}
        </p>
        <p className="signs">
          {signs} <Id value={shown.actionDigest} keep={8} />
        </p>
      </div>
      <div className="acts">
        <LeaseButton review={review} />
        {deny}
        {approve}
      </div>
    </div>
  );
}
