'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useState } from 'react';
import { DataTable } from '@/components/ui/data-table';
import { MarkedText } from '@/components/ui/marked-text';
import { Panel } from '@/components/ui/panel';
import { Segmented } from '@/components/ui/segmented';
import { Select } from '@/components/ui/select';
import { Skeleton } from '@/components/ui/skeleton';
import { type InsightsSplit, SPLIT_DIMENSIONS, type SplitDimension } from '@/lib/analytics/insights-split';
import { rateSeries, SHOWN_OUTCOMES, type ShownOutcome } from '@/lib/analytics/rate-series';
import { rateOf } from '@/lib/analytics/wilson';
import { insightsSplitQuery } from '@/lib/client/queries/insights';
import { routes } from '@/lib/client/routes';
import { DownloadCsv } from './download-csv';
import { RateSpark } from './rate-spark';
import { formatInterval, formatPercent } from './rate-words';

const DIMENSIONS: Record<SplitDimension, string> = {
  agent: 'By agent',
  tool: 'By tool',
  control: 'By control',
  rule: 'By rule',
  source: 'By source',
  tenant: 'By organisation',
};
const OUTCOMES: Record<ShownOutcome, string> = {
  escalate: 'Escalated',
  refuse: 'Refused',
  defer: 'Deferred',
};
type Value = InsightsSplit['values'][number];

/** One outcome's rate over time for each value of a dimension, all on one scale; or the same as a table. */
export function SplitPanel({
  filter,
  chosen,
  changeDays,
}: {
  /** Query text of `days`, `agent`, `source`. */
  filter: string;
  /** Terms of the search that the filter stands for. */
  chosen: string;
  changeDays: readonly string[];
}) {
  const [dimension, setDimension] = useState<SplitDimension>('agent');
  const [outcome, setOutcome] = useState<ShownOutcome>('escalate');
  const [asTable, setAsTable] = useState(false);
  const split = useQuery(insightsSplitQuery(dimension, filter));
  const view = split.data;
  const windowDays = (view?.values[0]?.days.length ?? 0) > 7 ? 7 : 1;
  return (
    <Panel
      title="Rates over time"
      note={windowDays === 1 ? 'by day, 95% bands' : 'pooled over 7 days, 95% bands'}
      end={
        <span className="itools">
          <Select
            compact
            aria-label="Split by"
            value={dimension}
            onChange={(event) =>
              setDimension(SPLIT_DIMENSIONS.find((each) => each === event.target.value) ?? 'agent')
            }
            options={SPLIT_DIMENSIONS.map((each) => ({ value: each, label: DIMENSIONS[each] }))}
          />
          <Segmented
            label="Outcome"
            value={outcome}
            options={SHOWN_OUTCOMES.map((each) => ({ value: each, label: OUTCOMES[each] }))}
            onChange={setOutcome}
          />
          <Segmented
            label="Show rates as"
            value={asTable ? 'table' : 'chart'}
            options={[
              { value: 'chart', label: 'Chart' },
              { value: 'table', label: 'Table' },
            ]}
            onChange={(value) => setAsTable(value === 'table')}
          />
          {view && (
            <DownloadCsv
              name={`rates-by-${dimension}`}
              header={[dimension, 'day', 'of', 'allow', 'refuse', 'escalate', 'defer']}
              rows={() =>
                view.values.flatMap((value) =>
                  value.days.map(({ day, of, allow, refuse, escalate, defer }) => [
                    value.name,
                    day,
                    of,
                    allow,
                    refuse,
                    escalate,
                    defer,
                  ]),
                )
              }
            />
          )}
        </span>
      }
    >
      {!view ? (
        split.isError ? (
          <p className="t2">The counts could not be read: {split.error.message}</p>
        ) : (
          <Skeleton lines={6} label="Counting" />
        )
      ) : view.values.length === 0 ? (
        <p className="t2">No decision in this window.</p>
      ) : asTable ? (
        <SplitTable view={view} outcome={outcome} chosen={chosen} />
      ) : (
        <Sparks
          view={view}
          outcome={outcome}
          windowDays={windowDays}
          chosen={chosen}
          changeDays={changeDays}
        />
      )}
      {view && view.values.length > 0 && (
        <p className="lab inote">
          {summarise(view, outcome)}
          {view.more > 0 && ` ${view.more} more are not shown; the search has them.`}
          {(dimension === 'control' || dimension === 'rule') &&
            ' A control speaks only where it stops something, so the share is of all decisions.'}
        </p>
      )}
    </Panel>
  );
}

/** The highest and the lowest of those with enough decisions, in words. */
function summarise({ values }: InsightsSplit, outcome: ShownOutcome): string {
  const rates = values
    .map((value) => ({ label: value.label, ...rateOf(value.totals[outcome], value.totals.of) }))
    .filter(({ of }) => of >= 20)
    .sort((a, b) => b.rate - a.rate);
  const [first] = rates;
  const last = rates.at(-1);
  if (!first || !last) return 'None has twenty decisions, so nothing is said of their differences.';
  const word = OUTCOMES[outcome].toLowerCase();
  if (first === last) return `${first.label}: ${formatPercent(first.rate)} ${word}.`;
  return `Most ${word}: ${first.label}, ${formatPercent(first.rate)} (${formatInterval(first)}); least: ${last.label}, ${formatPercent(last.rate)} (${formatInterval(last)}).`;
}

function searchOf(view: InsightsSplit, value: Value, outcome: ShownOutcome, chosen: string): string | null {
  if (view.dimension === 'tenant') return null;
  const name = /^[^\s"]+$/.test(value.name) ? value.name : `"${value.name.replaceAll('"', '')}"`;
  return [`${view.dimension}:${name}`, `outcome:${outcome}`, chosen, `after:${view.from}`]
    .filter(Boolean)
    .join(' ');
}

function Count({
  view,
  value,
  outcome,
  chosen,
}: {
  view: InsightsSplit;
  value: Value;
  outcome: ShownOutcome;
  chosen: string;
}) {
  const rate = rateOf(value.totals[outcome], value.totals.of);
  const words = `${rate.n.toLocaleString('en')} of ${rate.of.toLocaleString('en')}`;
  const search = searchOf(view, value, outcome, chosen);
  return search === null ? (
    <span>{words}</span>
  ) : (
    <Link
      className="link"
      href={routes.decisions(search)}
      prefetch={false}
      aria-label={`${value.label}: ${words}`}
    >
      {words}
    </Link>
  );
}

function Sparks({
  view,
  outcome,
  windowDays,
  chosen,
  changeDays,
}: {
  view: InsightsSplit;
  outcome: ShownOutcome;
  windowDays: number;
  chosen: string;
  changeDays: readonly string[];
}) {
  const peak = Math.max(
    0.01,
    ...view.values.flatMap((value) =>
      rateSeries(value.days, windowDays)
        .filter(({ of }) => of >= 10)
        .map((point) => point[outcome].rate),
    ),
  );
  const top = Math.min(1, peak * 1.25);
  return (
    <ul className="isparks">
      {view.values.map((value) => {
        const rate = rateOf(value.totals[outcome], value.totals.of);
        return (
          <li key={value.name}>
            <div className="isparkhead">
              <b>
                <MarkedText text={value.label} />
              </b>
              <span className="num">{formatPercent(rate.rate)}</span>
            </div>
            <RateSpark
              value={value}
              outcome={outcome}
              windowDays={windowDays}
              top={top}
              changeDays={changeDays}
            />
            <small className="dim num">
              <Count view={view} value={value} outcome={outcome} chosen={chosen} />, {formatInterval(rate)}
            </small>
          </li>
        );
      })}
    </ul>
  );
}

function SplitTable({
  view,
  outcome,
  chosen,
}: {
  view: InsightsSplit;
  outcome: ShownOutcome;
  chosen: string;
}) {
  return (
    <DataTable
      caption={`${OUTCOMES[outcome]} ${DIMENSIONS[view.dimension].toLowerCase()}`}
      tight
      rows={view.values}
      rowKey={({ name }) => name}
      columns={[
        {
          key: 'name',
          head: DIMENSIONS[view.dimension].slice(3),
          cell: ({ label }) => <MarkedText text={label} />,
        },
        {
          key: 'rate',
          head: OUTCOMES[outcome],
          figures: true,
          cell: (value) => {
            const rate = rateOf(value.totals[outcome], value.totals.of);
            return (
              <span className="num">
                <b>{formatPercent(rate.rate)}</b> <span className="dim">{formatInterval(rate)}</span>
              </span>
            );
          },
        },
        {
          key: 'n',
          head: 'n',
          figures: true,
          cell: (value) => <Count view={view} value={value} outcome={outcome} chosen={chosen} />,
        },
      ]}
    />
  );
}
