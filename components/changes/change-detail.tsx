'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Finding, Findings } from '@/components/ui/finding';
import { Id } from '@/components/ui/id';
import { MarkedText } from '@/components/ui/marked-text';
import { Panel } from '@/components/ui/panel';
import { Segmented } from '@/components/ui/segmented';
import { Skeleton } from '@/components/ui/skeleton';
import { StateBox } from '@/components/ui/state-box';
import { Time } from '@/components/ui/time';
import { type ChangeComparison, SPAN_DAYS } from '@/lib/analytics/change-comparison';
import { changeComparisonQuery } from '@/lib/client/queries/changes';
import { routes } from '@/lib/client/routes';
import { kindWords } from './change-words';
import type { ChangeDuties } from './changes-screen';
import { DriftList } from './drift-list';
import { OutcomeComparison } from './outcome-comparison';
import { PeopleComparison } from './people-comparison';
import { ScoreComparison } from './score-comparison';
import { TextChange } from './text-change';

/** One change, before and after it over windows of equal length. */
export function ChangeDetail({
  change,
  days,
  duties,
  onDays,
}: {
  change: string;
  days: (typeof SPAN_DAYS)[number];
  duties: ChangeDuties;
  onDays: (days: number) => void;
}) {
  const comparison = useQuery(changeComparisonQuery(change, days));
  const view = comparison.data;
  if (comparison.isError && !view)
    return (
      <StateBox
        kind="failing"
        title="This change could not be compared"
        action={
          <Button small onClick={() => comparison.refetch()}>
            Read again
          </Button>
        }
      >
        {comparison.error.message}
      </StateBox>
    );
  if (!view) return <Skeleton lines={14} label="Counting before and after" />;
  const { subject } = view;
  return (
    <article className="cdetail" aria-label={`${subject.name} ${subject.toVersion}`}>
      <Head view={view} duties={duties} />
      <div className="cspan">
        <Segmented
          label="Length of each window"
          value={String(days)}
          options={SPAN_DAYS.map((each) => ({
            value: String(each),
            label: each === 1 ? '1 day' : `${each} days`,
          }))}
          onChange={(value) => onDays(Number(value))}
        />
        <span className="lab num">
          <Windows view={view} />
        </span>
      </div>
      {view.spanHours === 0 ? (
        <StateBox kind="empty" title="Too young to compare">
          Counts are kept by the hour, and not one whole hour has passed since.
        </StateBox>
      ) : (
        <>
          <DriftList view={view} />
          <OutcomeComparison view={view} mayTrace={duties.trace} />
          <ScoreComparison view={view} />
          <PeopleComparison view={view} />
        </>
      )}
      <TextChange texts={view.texts} />
    </article>
  );
}

function Head({ view, duties }: { view: ChangeComparison; duties: ChangeDuties }) {
  const { subject } = view;
  const lane = subject.target.replaceAll('_', ' ');
  return (
    <Panel
      title={<MarkedText text={subject.name} />}
      note={
        <>
          {subject.fromVersion !== null && (
            <>
              <MarkedText text={subject.fromVersion} /> to{' '}
            </>
          )}
          <MarkedText text={subject.toVersion} />
        </>
      }
      end={<Badge tone="plain">{kindWords({ lane, direction: subject.direction })}</Badge>}
    >
      {subject.direction === 'lowered' && (
        <p>
          <b>A lowered {lane}.</b>{' '}
          {subject.target === 'threshold' && subject.record === null
            ? 'Decisions themselves name the bound: their guardrail now lets through, or stops, at a smaller score.'
            : 'Its bound is smaller than it was.'}
        </p>
      )}
      {subject.summary !== null ? (
        <p className="t2">
          <MarkedText text={subject.summary} />
        </p>
      ) : subject.announced ? null : (
        <Findings label="Not announced">
          <Finding evidence="Ask whoever runs the producer, or its vendor, for the change record that should have come.">
            <b>No change record announced this.</b> Decisions began to name the version{' '}
            <Time at={subject.at} precision="minute" />.
          </Finding>
        </Findings>
      )}
      <p className="lab cfoot">
        <Time at={subject.at} precision="minute" />
        {subject.record !== null && (
          <>
            {' · '}record {subject.record.position.toLocaleString('en')} of{' '}
            <Id value={subject.record.stream} keep={12} />
          </>
        )}
        {duties.trace && subject.record !== null && (
          <>
            {' · '}
            <Link className="link" href={routes.lineage(subject.id)} prefetch={false}>
              lineage
            </Link>
          </>
        )}
        {duties.simulate &&
          (subject.target === 'threshold' || subject.target === 'policy') &&
          subject.record && (
            <>
              {' · '}
              <Link className="link" href={`${routes.settings()}/policy#simulate`} prefetch={false}>
                simulate another one
              </Link>
            </>
          )}
      </p>
    </Panel>
  );
}

function Windows({ view }: { view: ChangeComparison }) {
  const { agents, others, spanHours, askedDays } = view;
  return (
    <>
      {spanHours < askedDays * 24 &&
        `Only ${spanHours} ${spanHours === 1 ? 'hour has' : 'hours have'} passed since, so both windows are that long; `}
      <Time at={view.before.from} precision="minute" /> to <Time at={view.before.to} precision="minute" />,
      and <Time at={view.after.from} precision="minute" /> to <Time at={view.after.to} precision="minute" />;{' '}
      {agents === null ? 'all agents' : `agents that used it: ${agents.join(', ')}`}
      {others.length > 0 &&
        `; ${others.length} other ${others.length === 1 ? 'change lies' : 'changes lie'} in these windows: what is seen may be theirs`}
    </>
  );
}
