'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { DataTable } from '@/components/ui/data-table';
import { formatDuration } from '@/components/ui/format-time';
import { Id } from '@/components/ui/id';
import { KeyValues } from '@/components/ui/key-values';
import { MarkedText } from '@/components/ui/marked-text';
import { Panel } from '@/components/ui/panel';
import { Segmented } from '@/components/ui/segmented';
import { Skeleton } from '@/components/ui/skeleton';
import { StateBox } from '@/components/ui/state-box';
import { Time } from '@/components/ui/time';
import { WINDOW_DAYS } from '@/lib/analytics/insights-view';
import { ACTIVE_CLASSES_S, type AttentionView, MOST_EVENTS } from '@/lib/attention/attention-view';
import { attentionQuery } from '@/lib/client/queries/attention';
import { routes } from '@/lib/client/routes';
import { EVENT_WORDS, formatDrills, formatReason, formatShare, SPREAD_WORDS } from './attention-words';
import { Bars } from './bars';
import { PlanDrill } from './plan-drill';
import './attention.css';

/** Attention of the people who decide: to spread load, not to rank people. */
export function AttentionScreen({ mayPlan }: { mayPlan: boolean }) {
  const [days, setDays] = useState<(typeof WINDOW_DAYS)[number]>(30);
  const query = useQuery(attentionQuery(days));
  const view = query.data;
  return (
    <div className="page att">
      <div className="dhead">
        <div className="row1h">
          <h1>Attention</h1>
          {view && (
            <span className="t2 num">
              {view.days} days, n = {view.verdicts.toLocaleString('en')} verdicts
            </span>
          )}
          <span className="end">
            <Link className="link" href={routes.insights()}>
              Insights
            </Link>
            <a className="link" href="/docs/reviewers">
              Why it is measured
            </a>
          </span>
        </div>
        <Segmented
          label="Window"
          value={String(days)}
          options={WINDOW_DAYS.map((each) => ({ value: String(each), label: `${each} days` }))}
          onChange={(value) => setDays(WINDOW_DAYS.find((each) => String(each) === value) ?? 30)}
        />
      </div>
      {query.isPending ? (
        <Skeleton lines={14} label="Counting" />
      ) : query.isError || !view ? (
        <StateBox
          kind="failing"
          title="The counts could not be read"
          action={
            <Button small onClick={() => query.refetch()}>
              Read again
            </Button>
          }
        >
          {query.error?.message} Limits and drills go on as the policy says.
        </StateBox>
      ) : (
        <Parts view={view} />
      )}
      {mayPlan && <PlanDrill />}
    </div>
  );
}

function Parts({ view }: { view: AttentionView }) {
  const drills = formatDrills(view.drills);
  return (
    <>
      <div className="att-grid">
        <Panel title="Active reading" note={`n = ${view.verdicts.toLocaleString('en')} verdicts`} flush>
          <Bars
            label="Verdicts by active reading"
            rows={view.active.map((n, at) => ({ word: classWord(at), n }))}
          />
        </Panel>
        <Panel title="Load by hour" note="of the day, UTC" flush>
          <Bars label="Verdicts by hour of the day" rows={pairHours(view.hours)} />
        </Panel>
        <Panel title="Reading and drills" note="with 95% intervals (Wilson)">
          <KeyValues
            rows={[
              {
                label: 'Read every required section',
                value: formatShare(view.covered.n, view.covered.of, 1),
              },
              { label: 'Known bad drills denied', value: drills.caught },
              { label: 'Known good drills approved', value: drills.passed },
              { label: 'Drills that nobody answered', value: String(view.drills.unanswered) },
              { label: 'Drills under way', value: String(view.drills.open) },
            ]}
          />
          <p className="lab">Drills count in no other figure of this console.</p>
        </Panel>
      </div>
      <Panel title="Load to spread" note="by name; nobody is ranked" flush>
        {view.people.length === 0 ? (
          <p className="t2 ipad">Nobody gave a verdict in this window.</p>
        ) : (
          <DataTable
            caption="Load by reviewer"
            tight
            rows={view.people}
            rowKey={({ person }) => person}
            columns={[
              { key: 'name', head: 'Reviewer', cell: ({ name }) => <MarkedText text={name} /> },
              { key: 'spread', head: 'Spread load now', cell: ({ spread }) => SPREAD_WORDS[spread] },
              {
                key: 'n',
                head: 'Verdicts',
                figures: true,
                cell: ({ verdicts }) => verdicts.toLocaleString('en'),
              },
              {
                key: 'time',
                head: 'Active reading',
                figures: true,
                cell: ({ activeMs }) => formatDuration(activeMs),
              },
              { key: 'bad', head: 'Known bad denied', cell: (row) => formatDrills(row.drills).caught },
              { key: 'good', head: 'Known good approved', cell: (row) => formatDrills(row.drills).passed },
            ]}
          />
        )}
      </Panel>
      <Panel title="What the system did" note={countEvents(view.events.length)}>
        {view.events.length === 0 ? (
          <p className="t2">
            Nothing: no limit was reached and no sign of fatigue was seen, or the policy sets none.
          </p>
        ) : (
          <ul className="att-list">
            {view.events.map((event) => (
              <li key={event.id}>
                <Time at={event.at} /> <MarkedText text={event.name} /> {EVENT_WORDS[event.kind]} (
                {formatReason(event.reasonCode)}){' '}
                {event.escalation !== null && <Id value={event.escalation} />}
              </li>
            ))}
          </ul>
        )}
      </Panel>
    </>
  );
}

function countEvents(told: number): string {
  return told < MOST_EVENTS ? `${told} in this window, newest first` : `the newest ${told} of this window`;
}

function classWord(at: number): string {
  const from = ACTIVE_CLASSES_S[at - 1] ?? 0;
  const to = ACTIVE_CLASSES_S[at];
  return to === undefined ? `${from} s and more` : `${from} to ${to} s`;
}

/** Two hours to a bar, so that a day fits beside the rest. */
function pairHours(hours: readonly number[]): { word: string; n: number }[] {
  return Array.from({ length: 12 }, (_, at) => ({
    word: `${String(at * 2).padStart(2, '0')} to ${String(at * 2 + 2).padStart(2, '0')} h`,
    n: (hours[at * 2] ?? 0) + (hours[at * 2 + 1] ?? 0),
  }));
}
