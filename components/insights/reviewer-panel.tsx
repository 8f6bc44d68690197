import { Avatar } from '@/components/ui/avatar';
import { DataTable } from '@/components/ui/data-table';
import { formatDuration } from '@/components/ui/format-time';
import { MarkedText } from '@/components/ui/marked-text';
import { Panel } from '@/components/ui/panel';
import type { InsightsView } from '@/lib/analytics/insights-view';

/** Load and attention by name: to spread load, not to rank. */
export function ReviewerPanel({ view }: { view: InsightsView }) {
  const { reviewers } = view;
  const all = reviewers.reduce((n, { reviews }) => n + reviews, 0);
  const most = Math.max(1, ...reviewers.map(({ reviews, activeDays }) => reviews / activeDays));
  return (
    <Panel title="Reviewers" note={`${view.days.length} days, by name; to spread load, not to rank`} flush>
      {reviewers.length === 0 ? (
        <p className="t2 ipad">Nobody gave a verdict in this window.</p>
      ) : (
        <div className="ipad">
          <DataTable
            caption="Reviews by reviewer"
            tight
            rows={reviewers}
            rowKey={({ person }) => person}
            columns={[
              {
                key: 'name',
                head: 'Reviewer',
                cell: ({ name }) => (
                  <span className="who">
                    <Avatar name={name} small />
                    <MarkedText text={name} />
                  </span>
                ),
              },
              {
                key: 'load',
                head: 'A day with reviews',
                cell: ({ reviews, activeDays }) => (
                  <span className="iload">
                    <span className="hb" aria-hidden="true">
                      <i className="load" style={{ width: `${(reviews / activeDays / most) * 100}%` }} />
                    </span>
                    <span className="num">{(reviews / activeDays).toFixed(1)}</span>
                  </span>
                ),
              },
              { key: 'busiest', head: 'Busiest day', figures: true, cell: ({ busiestDay }) => busiestDay },
              {
                key: 'dwell',
                head: 'Median active',
                figures: true,
                cell: ({ medianActiveMs }) => formatDuration(medianActiveMs),
              },
              {
                key: 'n',
                head: 'Approved, of n',
                figures: true,
                cell: ({ approved, reviews }) => `${approved} of ${reviews}`,
              },
            ]}
          />
          <p className="lab inote">
            {all.toLocaleString('en')} verdicts by {reviewers.length} people. Samples this small cannot tell
            people apart; the remedy for fatigue is less load.
          </p>
        </div>
      )}
    </Panel>
  );
}
