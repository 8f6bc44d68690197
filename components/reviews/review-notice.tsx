'use client';

import Link from 'next/link';
import type { ReactNode } from 'react';
import { RAISED_WORDS } from '@/components/escalations/escalation-words';
import { Badge } from '@/components/ui/badge';
import { Button, buttonClass } from '@/components/ui/button';
import { Id } from '@/components/ui/id';
import { Time } from '@/components/ui/time';
import { useNowMs } from '@/components/ui/time-context';
import { routes } from '@/lib/client/routes';
import { lacksPasskey } from './list-blockers';
import { LoadNotice } from './load-notice';
import { accessProblem } from './review-problems';
import type { Review } from './use-review';

/** True once the time is over by the server's clock, whether or not the server has said so yet. */
export function useIsExpired({ shown, skewMs }: Review): boolean {
  const nowMs = useNowMs();
  return (
    shown.row.state === 'expired' ||
    (shown.row.state === 'pending' && nowMs - skewMs >= Date.parse(shown.row.expiresAt))
  );
}

/** What stands over the evidence when the case is not simply open: each says what it means for authority. */
export function ReviewNotices({ review }: { review: Review }) {
  const { shown } = review;
  const isExpired = useIsExpired(review);
  const lease = shown.row.lease;
  const isOpen = shown.row.state === 'pending' && !isExpired;
  return (
    <div className="notices" aria-live="polite">
      {(review.isOffline || review.liveness === 'lost') && (
        <Notice title="The console does not answer">
          What you see may be old. Nothing is approved or denied while it does not answer; reading time is not
          counted.
        </Notice>
      )}
      {review.isStale && isOpen && (
        <Notice
          title="This has changed since you opened it"
          action={
            <Button small icon="refresh" onClick={review.reload}>
              Load what is there now
            </Button>
          }
        >
          You still see what was first drawn. A verdict for it would be refused, because it is no longer what
          would be signed.
        </Notice>
      )}
      {isExpired && (
        <Notice title="Expired">
          Nobody decided in time. That is recorded as expired, not as a denial. Nothing was approved and no
          token exists.
        </Notice>
      )}
      {shown.row.state === 'cancelled' && (
        <Notice title="Cancelled by the gateway">
          The request was withdrawn before a verdict. Nothing was approved.
        </Notice>
      )}
      {shown.row.state === 'superseded' && (
        <Notice title="Superseded by another request">
          {shown.flow.supersededBy === null
            ? 'The gateway asked for something else instead. A verdict here is not possible.'
            : 'A reviewer narrowed it into a new request, which waits by itself. Nothing was approved here.'}
        </Notice>
      )}
      {isOpen && lease !== null && !lease.mine && (
        <Notice title={`${lease.name} is deciding this`}>
          You can read it. You can decide it when they put it back, or after{' '}
          <Time at={lease.until} precision="clock" /> if they stop working on it.
        </Notice>
      )}
      {isOpen && review.claimCode !== null && lease === null && (
        <Notice title="It could not be claimed">
          {review.claimCode === 'load_limit_reached'
            ? 'You have reached what the policy lets one person take. It waits for the next person.'
            : `The console answered “${review.claimCode}”. Others can still decide it.`}
        </Notice>
      )}
      {isOpen && shown.may.decide && <LoadNotice load={shown.load} />}
      {isOpen && shown.may.decide && shown.ownVerdict === null && lacksPasskey(shown, 'approve') && (
        <Notice
          title={
            shown.passkey.available
              ? 'You need a passkey to approve this'
              : 'Passkeys cannot be used at this address'
          }
          action={
            shown.passkey.available ? (
              <Link className={buttonClass({ small: true })} href={routes.passkeys()}>
                Register one first
              </Link>
            ) : undefined
          }
        >
          The policy asks that your own device signs the approval of this tier, and you have none registered
          here that works.{' '}
          {shown.passkey.rule === 'approval' ? 'You can deny it without one.' : 'A denial needs it too.'}
        </Notice>
      )}
      {isOpen && shown.row.raised && (
        <Notice
          title={
            shown.row.raised.to === 'compliance' ? 'Raised to compliance' : 'Raised to the senior reviewers'
          }
        >
          {RAISED_WORDS[shown.row.raised.reason]} Waiting is no approval.
        </Notice>
      )}
      {isOpen && !shown.may.decide && shown.ownVerdict === null && (
        <Notice title={accessProblem(shown.may.code ?? 'role_required').title}>
          {accessProblem(shown.may.code ?? 'role_required').meaning}
        </Notice>
      )}
    </div>
  );
}

function Notice({ title, action, children }: { title: string; action?: ReactNode; children: ReactNode }) {
  return (
    <div className="notice">
      <div>
        <b>{title}</b>
        <p>{children}</p>
      </div>
      {action}
    </div>
  );
}

/** The page refuses to go on: what it was given is not what would be signed. This is broken integrity, so it is red. */
export function InvalidView({ review }: { review: Review }) {
  const { check, shown } = review;
  if (check.verdict !== 'invalid') return null;
  return (
    <section className="invalid-view" role="alert" aria-label="Integrity">
      <Badge tone="invalid" big>
        <b>INVALID</b>
      </Badge>
      <h2>What this page was given is not what would be signed</h2>
      <p>
        {check.what === 'action' &&
          'The SHA-256 of the action’s bytes, computed in this browser, is not the action digest of the escalation.'}
        {check.what === 'display' &&
          'The digest of what is drawn beside the action, computed in this browser, is not the one that would be signed.'}
        {check.what === 'bytes' &&
          `The action’s bytes are not canonical JSON (${check.reason}): another reader could read another action out of them.`}
      </p>
      {check.what !== 'bytes' && (
        <dl className="kv l">
          <dt>Stated</dt>
          <dd>
            <Id value={check.stated} whole copy label="stated digest" />
          </dd>
          <dt>Computed here</dt>
          <dd>
            <Id value={check.computed} whole copy label="computed digest" />
          </dd>
        </dl>
      )}
      <p>
        No verdict can be given here and nothing is approved. Tell whoever runs this console, and give them{' '}
        <Id value={shown.row.id} copy label="escalation id" />.
      </p>
    </section>
  );
}
