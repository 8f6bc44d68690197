import Link from 'next/link';
import { formatInterval, formatPercent, formatPoints } from '@/components/insights/rate-words';
import { DataTable } from '@/components/ui/data-table';
import { Panel } from '@/components/ui/panel';
import { Word } from '@/components/ui/word';
import type { ChangeComparison } from '@/lib/analytics/change-comparison';
import { differenceOf, isDifferent } from '@/lib/analytics/newcombe';
import { rateOf } from '@/lib/analytics/wilson';
import { routes } from '@/lib/client/routes';
import { OUTCOMES, type OutcomeVerdict } from '@/lib/decisions/record-payload';
import { formatSearchQuery, type SearchTerm } from '@/lib/decisions/search-query';

const WORDS: Record<OutcomeVerdict, string> = {
  allow: 'allowed',
  refuse: 'refused',
  escalate: 'escalated',
  defer: 'deferred',
};

type Side = 'before' | 'after';

/** The search behind one count: the same hours, the same agents. */
export function searchBehind(
  view: Pick<ChangeComparison, 'agents' | 'before' | 'after'>,
  side: Side,
  outcome: OutcomeVerdict,
): string {
  const terms: SearchTerm[] = [
    ...(view.agents ?? []).map((value): SearchTerm => ({ field: 'agent', value })),
    { field: 'outcome', value: outcome },
    { field: 'after', value: view[side].from },
    { field: 'before', value: view[side].to },
  ];
  return formatSearchQuery(terms);
}

/** The outcome mix of both windows as bars and as a table, with the difference and its interval. */
export function OutcomeComparison({ view, mayTrace }: { view: ChangeComparison; mayTrace: boolean }) {
  const { before, after } = view.outcomes;
  return (
    <Panel
      title="Outcomes"
      note={`n = ${before.of.toLocaleString('en')} before, ${after.of.toLocaleString('en')} after`}
      flush
    >
      <div className="cmix" aria-hidden="true">
        {(['before', 'after'] as const).map((side) => (
          <div key={side}>
            <span className="lab">{side}</span>
            <span className="cbar">
              {OUTCOMES.map((outcome) => (
                <i
                  key={outcome}
                  className={outcome}
                  style={{ flexGrow: view.outcomes[side][outcome] }}
                  title={`${WORDS[outcome]}: ${view.outcomes[side][outcome]}`}
                />
              ))}
            </span>
          </div>
        ))}
      </div>
      <DataTable
        caption="Outcomes before and after"
        tight
        rows={OUTCOMES}
        rowKey={(outcome) => outcome}
        columns={[
          {
            key: 'outcome',
            head: 'Outcome',
            cell: (outcome) => <Word tone={outcome}>{WORDS[outcome]}</Word>,
          },
          ...(['before', 'after'] as const).map((side) => ({
            key: side,
            head: side === 'before' ? 'Before' : 'After',
            figures: true,
            cell: (outcome: OutcomeVerdict) => {
              const rate = rateOf(view.outcomes[side][outcome], view.outcomes[side].of);
              const n = `${rate.n.toLocaleString('en')} of ${rate.of.toLocaleString('en')}`;
              return (
                <span className="num">
                  <b>{rate.of === 0 ? 'none' : formatPercent(rate.rate)}</b>{' '}
                  {mayTrace ? (
                    <Link
                      className="link"
                      href={routes.decisions(searchBehind(view, side, outcome))}
                      prefetch={false}
                      aria-label={`${n} ${WORDS[outcome]} ${side}`}
                    >
                      {n}
                    </Link>
                  ) : (
                    <span className="dim">{n}</span>
                  )}{' '}
                  <small className="dim">{formatInterval(rate)}</small>
                </span>
              );
            },
          })),
          {
            key: 'difference',
            head: 'Difference',
            figures: true,
            cell: (outcome) => {
              const rates = [rateOf(before[outcome], before.of), rateOf(after[outcome], after.of)] as const;
              const difference = differenceOf(...rates);
              if (before.of === 0 || after.of === 0) return <span className="dim">one side is empty</span>;
              return (
                <span className="num">
                  <b>{formatPoints(difference.difference)}</b>{' '}
                  <small className="dim">
                    {formatPoints(difference.low).replace(' points', '')} to {formatPoints(difference.high)}
                    {isDifferent(difference) ? '' : ', within chance'}
                  </small>
                </span>
              );
            },
          },
        ]}
      />
      <p className="lab cnote">
        Shares with 95% intervals (Wilson); differences with 95% intervals (Newcombe, hybrid score).
      </p>
    </Panel>
  );
}
