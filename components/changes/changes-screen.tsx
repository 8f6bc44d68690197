'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { formatInterval, formatPercent } from '@/components/insights/rate-words';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Id } from '@/components/ui/id';
import { MarkedText } from '@/components/ui/marked-text';
import { Skeleton } from '@/components/ui/skeleton';
import { StateBox } from '@/components/ui/state-box';
import { Time } from '@/components/ui/time';
import { Word } from '@/components/ui/word';
import { CHANGE_SPAN_DAYS, type ChangesView } from '@/lib/analytics/changes-view';
import { SHOWN_OUTCOMES, shiftAround } from '@/lib/analytics/rate-series';
import { areDistinct } from '@/lib/analytics/wilson';
import { changesQuery } from '@/lib/client/queries/changes';
import { routes } from '@/lib/client/routes';
import './changes.css';

const WORDS = { escalate: 'escalated', refuse: 'refused', defer: 'deferred' } as const;

/** Every change of what agents run under, newest first, with the outcomes before and after it. `mayTrace`: may see lineage. */
export function ChangesScreen({ mayTrace }: { mayTrace: boolean }) {
  const changes = useQuery(changesQuery());
  return (
    <div className="page changes">
      <div className="row1h">
        <h1>Changes</h1>
        {changes.data && (
          <span className="t2">
            {changes.data.changes.length} of models, prompts, indexes, guardrails, policies and thresholds;
            outcomes of the {CHANGE_SPAN_DAYS} days before and after, UTC
          </span>
        )}
      </div>
      {changes.isPending ? (
        <Skeleton lines={12} label="Reading the changes" />
      ) : !changes.data ? (
        <StateBox
          kind="failing"
          title="The changes could not be read"
          action={
            <Button small onClick={() => changes.refetch()}>
              Read again
            </Button>
          }
        >
          {changes.error?.message}
        </StateBox>
      ) : changes.data.changes.length === 0 ? (
        <StateBox kind="empty" title="No change has been recorded">
          A producer reports a new model, prompt, index or guardrail with a change record; a policy is
          recorded when it is published.
        </StateBox>
      ) : (
        <>
          <ol className="clist">
            {changes.data.changes.map((change) => (
              <Change key={change.id} change={change} days={changes.data.days} mayTrace={mayTrace} />
            ))}
          </ol>
          {changes.data.hasOlder && (
            <p className="lab">Older ones are in the records; the latest 200 stand here.</p>
          )}
        </>
      )}
    </div>
  );
}

function Change({
  change,
  days,
  mayTrace,
}: {
  change: ChangesView['changes'][number];
  days: ChangesView['days'];
  mayTrace: boolean;
}) {
  const day = change.at.slice(0, 10);
  return (
    <li className="panel">
      <div className="chead">
        <h2>
          <MarkedText text={change.name} />{' '}
          <span className="l num">
            {change.fromVersion !== null && (
              <>
                <MarkedText text={change.fromVersion} /> to{' '}
              </>
            )}
            <MarkedText text={change.toVersion} />
          </span>
        </h2>
        <Badge tone="plain">
          {change.target.replaceAll('_', ' ')}
          {change.direction !== null && ` ${change.direction}`}
        </Badge>
        <span className="end t2">
          <Time at={change.at} precision="minute" />
        </span>
      </div>
      <p className="t2">
        <MarkedText text={change.summary} />
      </p>
      <ul className="cshift">
        {SHOWN_OUTCOMES.map((outcome) => {
          const shift = shiftAround(days, day, outcome, CHANGE_SPAN_DAYS);
          return (
            <li key={outcome}>
              <Word tone={outcome}>{WORDS[outcome]}</Word>
              {shift === null ? (
                <span className="dim">no decisions on one side</span>
              ) : (
                <>
                  <span className="num">
                    {formatPercent(shift.before.rate)} → <b>{formatPercent(shift.after.rate)}</b>
                  </span>
                  <small className="dim num">
                    {formatInterval(shift.before)} of {shift.before.of.toLocaleString('en')} →{' '}
                    {formatInterval(shift.after)} of {shift.after.of.toLocaleString('en')};{' '}
                    {areDistinct(shift.before, shift.after) ? 'a difference beyond chance' : 'within chance'}
                  </small>
                </>
              )}
            </li>
          );
        })}
      </ul>
      <p className="lab">
        record {change.position.toLocaleString('en')} of <Id value={change.stream} keep={12} />
        {mayTrace && (
          <>
            {' · '}
            <Link className="link" href={routes.lineage(change.id)} prefetch={false}>
              lineage
            </Link>
          </>
        )}
      </p>
    </li>
  );
}
