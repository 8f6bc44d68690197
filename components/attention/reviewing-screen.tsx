'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { LoadNotice } from '@/components/reviews/load-notice';
import { Button } from '@/components/ui/button';
import { DataTable } from '@/components/ui/data-table';
import { formatDuration } from '@/components/ui/format-time';
import { KeyValues } from '@/components/ui/key-values';
import { MarkedText } from '@/components/ui/marked-text';
import { Panel } from '@/components/ui/panel';
import { Skeleton } from '@/components/ui/skeleton';
import { StateBox } from '@/components/ui/state-box';
import { Time } from '@/components/ui/time';
import type { OwnReviewing } from '@/lib/attention/attention-view';
import { ownReviewingQuery } from '@/lib/client/queries/attention';
import { routes } from '@/lib/client/routes';
import { formatDrills, formatSignal, SIGNAL_WORDS, STATE_WORDS } from './attention-words';
import './attention.css';

/** What somebody's own reviewing looks like: shown to them and, like this, to nobody else. */
export function ReviewingScreen() {
  const query = useQuery(ownReviewingQuery());
  return (
    <div className="page att">
      <div className="dhead">
        <div className="row1h">
          <h1>Your reviewing</h1>
          <span className="t2">30 days; only you see this page</span>
          <span className="end">
            <a className="link" href="/docs/reviewers">
              Why it is measured
            </a>
          </span>
        </div>
      </div>
      {query.isPending ? (
        <Skeleton lines={12} label="Counting" />
      ) : query.isError ? (
        <StateBox
          kind="failing"
          title="Your figures could not be read"
          action={
            <Button small onClick={() => query.refetch()}>
              Read again
            </Button>
          }
        >
          {query.error.message}
        </StateBox>
      ) : (
        <Parts own={query.data} />
      )}
    </div>
  );
}

const DRILL_RESULTS = { right: 'Right', wrong: 'Missed', unanswered: 'Nobody answered' } as const;

function Parts({ own }: { own: OwnReviewing }) {
  const drills = formatDrills(own.drills);
  const { load } = own;
  return (
    <>
      <LoadNotice load={load} />
      <div className="att-grid">
        <Panel title="Your work">
          <KeyValues
            rows={[
              { label: 'Verdicts', value: own.verdicts.toLocaleString('en') },
              {
                label: 'Approved',
                value: `${own.approved.toLocaleString('en')} of ${own.verdicts.toLocaleString('en')}`,
              },
              {
                label: 'Median active reading',
                value: own.medianActiveMs === null ? 'none yet' : formatDuration(own.medianActiveMs),
              },
              ...(load === null
                ? []
                : [
                    { label: 'This hour', value: `${load.used} of ${load.limit}` },
                    {
                      label: 'Without a break',
                      value: `${formatDuration(load.activeMs)} of ${formatDuration(load.activeLimitMs)}`,
                    },
                  ]),
            ]}
          />
        </Panel>
        <Panel title="Your drills" note="with 95% intervals (Wilson)">
          <KeyValues
            rows={[
              { label: 'Known bad, denied', value: drills.caught },
              { label: 'Known good, approved', value: drills.passed },
            ]}
          />
          <p className="lab">
            Below 20 of a kind chance decides more than anybody does, so no rate is shown.
          </p>
        </Panel>
      </div>
      <Panel title="Signs" note="against what there was to read and what others did with similar cases" flush>
        <DataTable
          caption="Signs of hurried reviewing"
          tight
          rows={own.signals}
          rowKey={({ signal }) => signal}
          columns={[
            {
              key: 'name',
              head: 'Sign',
              cell: ({ signal }) => (
                <>
                  <b>{SIGNAL_WORDS[signal].name}</b> <span className="t2">{SIGNAL_WORDS[signal].about}</span>
                </>
              ),
            },
            { key: 'value', head: 'Measured', cell: (row) => formatSignal(row) },
            { key: 'state', head: 'State', cell: ({ state }) => STATE_WORDS[state] },
          ]}
        />
      </Panel>
      <Panel title="Drills you were told about" note={String(own.told.length)}>
        {own.told.length === 0 ? (
          <p className="t2">None in this time.</p>
        ) : (
          <ul className="att-list">
            {own.told.map((each) => (
              <li key={each.escalation}>
                <Link className="link" href={routes.escalation(each.escalation)}>
                  {DRILL_RESULTS[each.result]}
                </Link>{' '}
                <Time at={each.scoredAt} /> <MarkedText text={each.clue} />
              </li>
            ))}
          </ul>
        )}
      </Panel>
    </>
  );
}
