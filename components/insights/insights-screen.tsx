'use client';

import { useQuery } from '@tanstack/react-query';
import dynamic from 'next/dynamic';
import Link from 'next/link';
import { useRouter, useSearchParams } from 'next/navigation';
import { AlertPanel } from '@/components/alerts/alert-panel';
import { Button } from '@/components/ui/button';
import { formatDuration } from '@/components/ui/format-time';
import { Segmented } from '@/components/ui/segmented';
import { Select } from '@/components/ui/select';
import { Skeleton } from '@/components/ui/skeleton';
import { StateBox } from '@/components/ui/state-box';
import { Word } from '@/components/ui/word';
import { type InsightsView, WINDOW_DAYS } from '@/lib/analytics/insights-view';
import { rateSeries, type ShownOutcome } from '@/lib/analytics/rate-series';
import { areDistinct, rateOf } from '@/lib/analytics/wilson';
import { insightsQuery } from '@/lib/client/queries/insights';
import { routes } from '@/lib/client/routes';
import { CONTROLS } from '@/lib/decisions/record-payload';
import { ChangeList } from './change-list';
import { DownloadCsv } from './download-csv';
import { EscalationPanel } from './escalation-panel';
import { RateBreakdown } from './rate-breakdown';
import { RateTable } from './rate-table';
import { formatDay, formatInterval, formatPercent, formatPoints } from './rate-words';
import { ReviewerPanel } from './reviewer-panel';
import { RulePanel } from './rule-panel';
import { SplitPanel } from './split-panel';
import { summariseChanges } from './summarise-changes';
import './insights.css';

const RateChart = dynamic(() => import('./rate-chart').then((module) => module.RateChart), {
  ssr: false,
  loading: () => <div className="ichart" aria-busy="true" />,
});

const OUTCOMES: { key: ShownOutcome; word: string }[] = [
  { key: 'escalate', word: 'Escalated' },
  { key: 'refuse', word: 'Refused' },
  { key: 'defer', word: 'Deferred' },
];

/** Rates over time with their changes, rules and reviewers; the URL is the filter. */
export function InsightsScreen() {
  const router = useRouter();
  const params = useSearchParams();
  const days = WINDOW_DAYS.find((each) => String(each) === params.get('days')) ?? 90;
  const agent = params.get('agent') ?? '';
  const source = params.get('source') ?? '';
  const control = CONTROLS.find((each) => each === params.get('control')) ?? '';
  const asTable = params.get('view') === 'table';
  const filter = new URLSearchParams({
    days: String(days),
    ...(agent && { agent }),
    ...(source && { source }),
    ...(control && { control }),
  });
  const insights = useQuery(insightsQuery(filter.toString()));

  function change(next: Record<string, string>) {
    const now = new URLSearchParams(params);
    for (const [key, value] of Object.entries(next)) {
      if (value === '') now.delete(key);
      else now.set(key, value);
    }
    router.replace(`${routes.insights()}?${now}`, { scroll: false });
  }

  const view = insights.data;
  return (
    <div className="page ins">
      <div className="dhead">
        <div className="row1h">
          <h1>Insights</h1>
          {view && (
            <span className="t2 num">
              {view.days.length} days, {formatDay(view.from)} to {formatDay(view.to)} UTC, n ={' '}
              {view.totals.of.toLocaleString('en')} decisions
            </span>
          )}
          <Link className="link end" href={routes.attention()}>
            Attention
          </Link>
        </div>
        <div className="itools">
          <Segmented
            label="Window"
            value={String(days)}
            options={WINDOW_DAYS.map((each) => ({ value: String(each), label: `${each} days` }))}
            onChange={(value) => change({ days: value })}
          />
          <Select
            compact
            aria-label="Agent"
            value={agent}
            onChange={(event) => change({ agent: event.target.value })}
            options={[
              { value: '', label: 'All agents' },
              ...[
                ...new Set([...(view?.byAgent.map(({ name }) => name) ?? []), ...(agent ? [agent] : [])]),
              ].map((name) => ({
                value: name,
                label: name,
              })),
            ]}
          />
          <Select
            compact
            aria-label="Spoken by"
            value={source}
            onChange={(event) => change({ source: event.target.value })}
            options={[
              { value: '', label: 'Any source' },
              { value: 'gateway', label: 'Source: gateway' },
              { value: 'framework', label: 'Source: framework' },
            ]}
          />
          <Select
            compact
            aria-label="Control"
            value={control}
            onChange={(event) => change({ control: event.target.value })}
            options={[
              { value: '', label: 'All controls' },
              ...CONTROLS.map((name) => ({ value: name, label: `Control: ${name}` })),
            ]}
          />
          <Segmented
            label="Show as"
            value={asTable ? 'table' : 'chart'}
            options={[
              { value: 'chart', label: 'Chart' },
              { value: 'table', label: 'Table' },
            ]}
            onChange={(value) => change({ view: value === 'table' ? 'table' : '' })}
          />
        </div>
      </div>
      <AlertPanel />
      {insights.isPending ? (
        <Skeleton lines={16} label="Counting" />
      ) : insights.isError || !view ? (
        <StateBox
          kind="failing"
          title="The counts could not be read"
          action={
            <Button small onClick={() => insights.refetch()}>
              Read again
            </Button>
          }
        >
          {insights.error?.message} Nothing is said about the perimeters meanwhile.
        </StateBox>
      ) : view.totals.of === 0 ? (
        <StateBox kind="empty" title="No decision in this window">
          Rates need decisions. Choose a longer window or another agent.
        </StateBox>
      ) : (
        <Insights view={view} asTable={asTable} chosen={{ agent, source, control }} />
      )}
    </div>
  );
}

/** What the tools above the counts are set to; empty where nothing is chosen. */
type Chosen = { agent: string; source: string; control: string };

function Insights({ view, asTable, chosen }: { view: InsightsView; asTable: boolean; chosen: Chosen }) {
  const window = view.days.length > 7 ? 7 : 1;
  const points = rateSeries(view.days, window);
  const told = summariseChanges(view);
  const label = `Shares of ${view.totals.of.toLocaleString('en')} decisions, by day: ${OUTCOMES.map(({ key, word }) => `${word.toLowerCase()} ${formatPercent(rateOf(view.totals[key], view.totals.of).rate)} overall`).join(', ')}`;
  return (
    <>
      <section className="panel ratebox" aria-label="Rates over time">
        <div className="stats">
          {OUTCOMES.map(({ key, word }) => (
            <Stat key={key} outcome={key} word={word} view={view} chosen={chosen} />
          ))}
          <EscalationStat view={view} />
        </div>
        {asTable ? (
          <RateTable points={points} windowDays={window} />
        ) : (
          <RateChart points={points} changes={told.markers} label={label} />
        )}
        <p className="sumline">
          {told.sentence}{' '}
          <span className="dim">
            Lines are the pooled share of {window === 1 ? 'each day' : `the last ${window} days`}; bands are
            95% (Wilson). Days are UTC.
            {chosen.control && ` Only what the control ${chosen.control} decided counts, of all decisions.`}
          </span>
        </p>
        <ChangeList markers={told.markers} />
        <p className="inote">
          <DownloadCsv
            name="rates"
            header={['day', 'of', 'allow', 'refuse', 'escalate', 'defer']}
            rows={() =>
              view.days.map((day) => [day.day, day.of, day.allow, day.refuse, day.escalate, day.defer])
            }
          />
        </p>
      </section>
      <div className="igap">
        <SplitPanel
          filter={filterOf(view, chosen)}
          chosen={termsOf(chosen)}
          changeDays={told.markers.map(({ day }) => day)}
        />
        <EscalationPanel
          filter={new URLSearchParams({
            days: String(view.days.length),
            ...(chosen.agent && { agent: chosen.agent }),
          }).toString()}
        />
      </div>
      <div className="igrid2">
        <RulePanel view={view} />
        <ReviewerPanel view={view} />
      </div>
      <div className="igrid3">
        <RateBreakdown title="By agent" field="agent" rows={view.byAgent} view={view} />
        <RateBreakdown title="By control" field="control" rows={view.byControl} view={view} ofAll />
        <RateBreakdown title="By source" field="source" rows={view.bySource} view={view} />
      </div>
    </>
  );
}

/** The filter of what has no control of its own. */
function filterOf(view: InsightsView, { agent, source }: Chosen): string {
  return new URLSearchParams({
    days: String(view.days.length),
    ...(agent && { agent }),
    ...(source && { source }),
  }).toString();
}

const termsOf = ({ agent, source }: Chosen): string =>
  [agent && `agent:${agent}`, source && `source:${source}`].filter(Boolean).join(' ');

function Stat({
  outcome,
  word,
  view,
  chosen,
}: {
  outcome: ShownOutcome;
  word: string;
  view: InsightsView;
  chosen: Chosen;
}) {
  const now = rateOf(view.totals[outcome], view.totals.of);
  const before = rateOf(view.before[outcome], view.before.of);
  const chips = Object.entries(chosen).flatMap(([field, value]) => (value ? [`${field}:${value}`] : []));
  const query = [`outcome:${outcome}`, ...chips, `after:${view.from}`].join(' ');
  return (
    <div className="stat">
      <Word tone={outcome}>{word}</Word>
      <b className="num">{formatPercent(now.rate)}</b>
      <small className="num">
        <Link href={routes.decisions(query)} prefetch={false}>
          {now.n.toLocaleString('en')} of {now.of.toLocaleString('en')}
        </Link>
      </small>
      <small className="dlt num">
        {formatInterval(now)}
        {before.of > 0 &&
          (areDistinct(now, before)
            ? `; ${formatPoints(now.rate - before.rate)} on the ${view.days.length} days before`
            : `; within chance of the ${view.days.length} days before, n = ${before.of.toLocaleString('en')}`)}
      </small>
    </div>
  );
}

function EscalationStat({ view }: { view: InsightsView }) {
  const { approved, denied, expired, cancelled, superseded, pending, medianDecideMs } = view.escalations;
  const ended = approved + denied + expired + cancelled + superseded;
  const decided = approved + denied;
  const rate = rateOf(approved, decided);
  return (
    <div className="stat">
      <span className="w">Of {decided.toLocaleString('en')} that a person decided</span>
      <b className="num">{decided === 0 ? 'none' : formatPercent(rate.rate)}</b>
      <small className="num">
        approved{medianDecideMs === null ? '' : `, median ${formatDuration(medianDecideMs)} to decide`}
      </small>
      <small className="dlt num">
        {denied.toLocaleString('en')} denied; of {(ended + pending).toLocaleString('en')} asked, nobody
        decided {expired.toLocaleString('en')} in time, {(cancelled + superseded).toLocaleString('en')} were
        withdrawn, {pending.toLocaleString('en')} wait
      </small>
    </div>
  );
}
