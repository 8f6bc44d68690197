'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { DataTable } from '@/components/ui/data-table';
import { formatDuration } from '@/components/ui/format-time';
import { MarkedText } from '@/components/ui/marked-text';
import { Panel } from '@/components/ui/panel';
import { Segmented } from '@/components/ui/segmented';
import { Skeleton } from '@/components/ui/skeleton';
import {
  DECIDE_BOUNDS_S,
  type EscalationInsights,
  overFires,
  type RuleEnds,
} from '@/lib/analytics/escalation-insights';
import { rateOf } from '@/lib/analytics/wilson';
import { escalationInsightsQuery } from '@/lib/client/queries/insights';
import { routes } from '@/lib/client/routes';
import { DownloadCsv } from './download-csv';
import { formatInterval, formatPercent } from './rate-words';

const ENDS: { key: keyof EscalationInsights['ends']; word: string }[] = [
  { key: 'approved', word: 'approved by a person' },
  { key: 'denied', word: 'denied by a person' },
  { key: 'expired', word: 'expired, nobody decided' },
  { key: 'cancelled', word: 'cancelled by the gateway' },
  { key: 'superseded', word: 'superseded by another request' },
  { key: 'pending', word: 'waiting' },
];

const RULES_FIRST = 12;

function className(at: number): string {
  const upper = DECIDE_BOUNDS_S[at];
  const lower = DECIDE_BOUNDS_S[at - 1];
  if (upper === undefined) return `over ${formatDuration((lower ?? 0) * 1_000)}`;
  return lower === undefined
    ? `under ${formatDuration(upper * 1_000)}`
    : `${formatDuration(lower * 1_000)} to ${formatDuration(upper * 1_000)}`;
}

/** A bound in the few signs that stand under a bar: whole seconds, minutes or hours. */
function shortBound(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  return seconds < 3_600 ? `${seconds / 60} min` : `${seconds / 3_600} h`;
}

/** Where a class begins, as the chart writes it. */
function tick(at: number): string {
  const upper = DECIDE_BOUNDS_S[at];
  const lower = DECIDE_BOUNDS_S[at - 1];
  if (upper === undefined) return `>${shortBound(lower ?? 0)}`;
  return lower === undefined ? `<${shortBound(upper)}` : shortBound(lower);
}

/** How escalations ended, each end by its own name; how long people took; and which rules ask what people always lift. */
export function EscalationPanel({ filter }: { filter: string }) {
  const query = useQuery(escalationInsightsQuery(filter));
  const [asTable, setAsTable] = useState(false);
  const view = query.data;
  if (!view)
    return (
      <Panel title="Escalations">
        {query.isError ? (
          <p className="t2">The escalations could not be counted: {query.error.message}</p>
        ) : (
          <Skeleton lines={6} label="Counting escalations" />
        )}
      </Panel>
    );
  const total = ENDS.reduce((sum, { key }) => sum + view.ends[key], 0);
  return (
    <Panel
      title="Escalations"
      note={`${total.toLocaleString('en')} asked; nobody’s silence is a denial`}
      end={
        <span className="itools">
          <Segmented
            label="Show escalations as"
            value={asTable ? 'table' : 'chart'}
            options={[
              { value: 'chart', label: 'Chart' },
              { value: 'table', label: 'Table' },
            ]}
            onChange={(value) => setAsTable(value === 'table')}
          />
          <DownloadCsv
            name="escalations"
            header={['what', 'class', 'approved', 'denied', 'n']}
            rows={() => [
              ...ENDS.map(({ key }) => ['end', key, null, null, view.ends[key]]),
              ...view.timeToDecide.map(({ approved, denied }, at) => [
                'time to decide',
                className(at),
                approved,
                denied,
                approved + denied,
              ]),
              ...view.rules.map(({ rule, approved, denied, asked }) => [
                'rule',
                rule,
                approved,
                denied,
                asked,
              ]),
            ]}
          />
        </span>
      }
    >
      {total === 0 ? (
        <p className="t2">Nobody was asked in this window.</p>
      ) : (
        <div className="iends">
          <Ends view={view} total={total} />
          <Times view={view} asTable={asTable} />
          <Rules view={view} />
        </div>
      )}
    </Panel>
  );
}

function Ends({ view, total }: { view: EscalationInsights; total: number }) {
  const { redeemed, revoked, unused, open } = view.approvals;
  const { refused, deferred } = view.policy;
  return (
    <div>
      <ul className="iendlist">
        {ENDS.map(({ key, word }) => {
          const rate = rateOf(view.ends[key], total);
          return (
            <li key={key}>
              <span>{word}</span>
              <span className="hb" aria-hidden="true">
                <i
                  className={key === 'approved' ? 'allow' : key === 'denied' ? 'refuse' : 'load'}
                  style={{ width: `${rate.rate * 100}%` }}
                />
              </span>
              <span className="num r">
                {rate.n.toLocaleString('en')} <small className="dim">{formatPercent(rate.rate)}</small>
              </span>
            </li>
          );
        })}
      </ul>
      <p className="lab inote">
        Of the approvals {redeemed.toLocaleString('en')} were redeemed, {revoked.toLocaleString('en')}{' '}
        revoked, {unused.toLocaleString('en')} ran out unused and {open.toLocaleString('en')} can still be
        used. Apart from these, the policy refused {refused.toLocaleString('en')} and deferred{' '}
        {deferred.toLocaleString('en')} without asking anybody. A verdict after expiry counts for nothing and
        stands nowhere here.
      </p>
    </div>
  );
}

function Times({ view, asTable }: { view: EscalationInsights; asTable: boolean }) {
  const classes = view.timeToDecide.map((counts, at) => ({
    ...counts,
    at,
    n: counts.approved + counts.denied,
  }));
  const decided = classes.reduce((sum, { n }) => sum + n, 0);
  const most = Math.max(1, ...classes.map(({ n }) => n));
  const { quantilesMs } = view;
  const summary = quantilesMs
    ? `Half were decided within ${formatDuration(quantilesMs.p50)}, nine in ten within ${formatDuration(quantilesMs.p90)}; n = ${decided.toLocaleString('en')}.`
    : 'None was decided.';
  return (
    <div>
      <h3>Time to decision</h3>
      {asTable ? (
        <DataTable
          caption="Time from submission to decision"
          tight
          rows={classes}
          rowKey={({ at }) => String(at)}
          columns={[
            { key: 'class', head: 'Time', cell: ({ at }) => className(at) },
            { key: 'approved', head: 'Approved', figures: true, cell: ({ approved }) => approved },
            { key: 'denied', head: 'Denied', figures: true, cell: ({ denied }) => denied },
          ]}
        />
      ) : (
        <div className="itimes" role="img" aria-label={`Time to decision. ${summary}`}>
          {classes.map(({ at, approved, denied, n }) => (
            <div key={at} title={`${className(at)}: ${approved} approved, ${denied} denied`}>
              <span className="num">{n === 0 ? '' : n}</span>
              <i style={{ height: `${(n / most) * 72}px` }} />
              <small>{tick(at)}</small>
            </div>
          ))}
        </div>
      )}
      <p className="lab inote">{summary}</p>
    </div>
  );
}

function Rules({ view }: { view: EscalationInsights }) {
  const [all, setAll] = useState(false);
  const over = view.rules.filter(overFires);
  const rows = all ? view.rules : view.rules.slice(0, RULES_FIRST);
  return (
    <div>
      <h3>Rules that ask people</h3>
      <DataTable
        caption="What people did with each rule’s escalations"
        tight
        rows={rows}
        rowKey={({ rule, control }) => `${rule} ${control}`}
        columns={[
          {
            key: 'rule',
            head: 'Rule',
            cell: ({ rule }) => (
              <Link
                href={routes.decisions(
                  `rule:"${rule.replaceAll('"', '')}" outcome:escalate after:${view.from}`,
                )}
                prefetch={false}
              >
                <MarkedText text={rule} />
              </Link>
            ),
          },
          { key: 'asked', head: 'Asked', figures: true, cell: ({ asked }) => asked.toLocaleString('en') },
          {
            key: 'approved',
            head: 'Approved, of decided',
            figures: true,
            cell: ({ approved, denied }: RuleEnds) => {
              if (approved + denied === 0) return <span className="dim">none decided</span>;
              const rate = rateOf(approved, approved + denied);
              return (
                <span className="num">
                  {formatPercent(rate.rate)} <span className="dim">{formatInterval(rate)}</span>
                </span>
              );
            },
          },
          { key: 'denied', head: 'Denied', figures: true, cell: ({ denied }) => denied },
          { key: 'expired', head: 'Expired', figures: true, cell: ({ expired }) => expired },
          {
            key: 'over',
            head: 'Finding',
            cell: (rule) =>
              overFires(rule) && (
                <b title="People approve at least nine in ten, with 95% confidence">over-fires</b>
              ),
          },
        ]}
      />
      {view.ruleCount > RULES_FIRST && (
        <p className="lab">
          The {rows.length.toLocaleString('en')} that asked most of {view.ruleCount.toLocaleString('en')}.{' '}
          <Button small onClick={() => setAll(!all)}>
            {all
              ? `Show ${RULES_FIRST}`
              : `Show ${view.rules.length === view.ruleCount ? 'all' : view.rules.length}`}
          </Button>
        </p>
      )}
      <p className="lab inote">
        {over.length === 0
          ? 'No rule is known to over-fire: none has twenty decisions of which people surely approve nine in ten.'
          : `${over.length} over-fire: people approve at least nine in ten of what ${over.length === 1 ? 'it asks' : 'they ask'}. Raise the bound, and simulate it first.`}
      </p>
    </div>
  );
}
