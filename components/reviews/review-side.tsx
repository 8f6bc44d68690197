'use client';

import Link from 'next/link';
import { TraceId } from '@/components/decisions/trace-id';
import { SECTION_WORDS } from '@/components/escalations/escalation-words';
import { Button } from '@/components/ui/button';
import { Fingerprint } from '@/components/ui/fingerprint';
import { formatCountdown } from '@/components/ui/format-time';
import { Icon } from '@/components/ui/icon';
import { Id } from '@/components/ui/id';
import { Kbd } from '@/components/ui/kbd';
import { KeyValues } from '@/components/ui/key-values';
import { MarkedText } from '@/components/ui/marked-text';
import { useNowMs } from '@/components/ui/time-context';
import { routes } from '@/lib/client/routes';
import { EVIDENCE_SECTIONS } from '@/lib/escalations/escalation-lists';
import { DwellLine, DwellTimes, formatClock } from './dwell-words';
import { describeMinimum } from './reading-words';
import type { Review } from './use-review';

/** Beside the evidence: time left, what has been read, and the facts of the request. */
export function ReviewSide({ review }: { review: Review }) {
  const { shown } = review;
  const isPending = shown.row.state === 'pending';
  return (
    <aside className="side" aria-label="Your review">
      {isPending && <TimePanel review={review} />}
      {isPending && shown.may.decide && <ReadingPanel review={review} />}
      <div className="panel">
        <KeyValues
          rows={[
            { label: 'Requested by', value: <Producer id={shown.row.agent} /> },
            ...shown.subjects.map(({ type, token }) => ({
              label: `For ${type}`,
              value: <Id value={token} copy label="subject token" />,
            })),
            { label: 'Gateway', value: <Producer id={shown.gateway} /> },
            {
              label: 'Action',
              value: (
                <span className="row-gap">
                  <Fingerprint digest={shown.actionDigest} />
                  <Id value={shown.actionDigest} copy label="action digest" />
                </span>
              ),
            },
            ...(shown.traceId === null ? [] : [{ label: 'Trace', value: <TraceId value={shown.traceId} /> }]),
          ]}
        />
      </div>
      <p className="lab keys">
        {isPending && shown.may.decide && (
          <>
            <span>
              <Kbd>a</Kbd> approve
            </span>
            <span>
              <Kbd>d</Kbd> deny
            </span>
            <span>
              <Kbd>c</Kbd> claim
            </span>
          </>
        )}
        <span>
          <Kbd>1</Kbd>–<Kbd>5</Kbd> section
        </span>
        <span>
          <Kbd>n</Kbd> next
        </span>
      </p>
    </aside>
  );
}

/** A producer by the last part of its id, the whole on hover. */
function Producer({ id }: { id: string }) {
  return (
    <span title={id}>
      <MarkedText text={id.split('/').at(-1) ?? id} />
    </span>
  );
}

function TimePanel({ review }: { review: Review }) {
  const { row } = review.shown;
  const nowMs = useNowMs() - review.skewMs;
  const untilMs = Date.parse(row.expiresAt);
  const fromMs = Date.parse(row.createdAt);
  const leftMs = Math.max(0, untilMs - nowMs);
  const share = untilMs > fromMs ? Math.min(1, leftMs / (untilMs - fromMs)) : 0;
  return (
    <div className="panel">
      <div className="clock between">
        <span className="lab">Time left</span>
        <span className="num time-big" role="timer" aria-label={`${formatCountdown(leftMs)} left`}>
          {formatCountdown(leftMs)}
        </span>
      </div>
      <span className="bar-t whole-bar" aria-hidden="true">
        <i style={{ width: `${share * 100}%` }} />
      </span>
      <p className="lab">Then it expires. That is recorded as expired, not as a denial.</p>
    </div>
  );
}

function ReadingPanel({ review }: { review: Review }) {
  const { shown } = review;
  const minimum = describeMinimum(shown);
  return (
    <div className="panel">
      <div className="subhead">
        <h3>Your review</h3>
        <span className="lab end">
          <DwellTimes review={review} />
        </span>
      </div>
      <DwellLine review={review} />
      {minimum !== null && <p className="lab">{minimum}</p>}
      <nav className="cover" aria-label="Sections">
        {EVIDENCE_SECTIONS.map((section) => {
          const isRead = shown.session?.covered.includes(section) ?? false;
          const isRequired = shown.requiredSections.includes(section);
          return (
            <a key={section} href={`#${section}`}>
              {isRead ? (
                <Icon name="check" label="read" />
              ) : (
                <span className={isRequired ? 'todo' : undefined} />
              )}
              {SECTION_WORDS[section]}
              <span className="tm num">
                {isRead
                  ? formatClock(shown.session?.seenMs[section] ?? 0)
                  : isRequired
                    ? 'to read'
                    : 'optional'}
              </span>
            </a>
          );
        })}
        <a href="#decide" className="cover-decide">
          <Icon name="arrow" />
          Decide
        </a>
      </nav>
      <LeaseButton review={review} />
      <p className="lab own-reviewing">
        <Link className="link" href={routes.reviewing()}>
          Your reviewing
        </Link>
      </p>
    </div>
  );
}

/** Claim it for two minutes at a time, or put it back for others. */
export function LeaseButton({ review }: { review: Review }) {
  const { row, may, ownVerdict } = review.shown;
  if (row.state !== 'pending' || !may.decide || ownVerdict !== null) return null;
  if (row.lease !== null && !row.lease.mine) return null;
  return row.lease === null ? (
    <Button small onClick={review.claim} kbd="c">
      Claim
    </Button>
  ) : (
    <Button small onClick={review.release} kbd="c">
      Put back
    </Button>
  );
}
