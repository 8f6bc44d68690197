import Link from 'next/link';
import { DataTable } from '@/components/ui/data-table';
import { MarkedText } from '@/components/ui/marked-text';
import { Panel } from '@/components/ui/panel';
import type { InsightsView, OutcomeCounts } from '@/lib/analytics/insights-view';
import { SHOWN_OUTCOMES } from '@/lib/analytics/rate-series';
import { rateOf } from '@/lib/analytics/wilson';
import { routes } from '@/lib/client/routes';
import { formatInterval, formatPercent } from './rate-words';

const HEADS = { escalate: 'Escalated', refuse: 'Refused', defer: 'Deferred' } as const;
type Row = OutcomeCounts & { name: string; of: number };

/**
 * Shares by one dimension. `ofAll`: the denominator is every decision in the window, because a control only speaks where
 * it stops something.
 */
export function RateBreakdown({
  title,
  field,
  rows,
  view,
  ofAll = false,
}: {
  title: string;
  field: 'agent' | 'control' | 'source';
  rows: readonly Row[];
  view: InsightsView;
  ofAll?: boolean;
}) {
  return (
    <Panel
      title={title}
      note={ofAll ? `of all ${view.totals.of.toLocaleString('en')} decisions` : 'of its own decisions'}
      flush
    >
      <div className="ipad">
        {rows.length === 0 ? (
          <p className="t2">None in this window.</p>
        ) : (
          <DataTable
            caption={title}
            tight
            rows={rows}
            rowKey={({ name }) => name}
            columns={[
              {
                key: 'name',
                head: field === 'source' ? 'Source' : field === 'agent' ? 'Agent' : 'Control',
                cell: ({ name }) => (
                  <Link
                    href={routes.decisions(`${field}:${name} after:${view.from}`)}
                    prefetch={false}
                    className="med"
                  >
                    <MarkedText text={name} />
                  </Link>
                ),
              },
              { key: 'n', head: 'n', figures: true, cell: ({ of }) => of.toLocaleString('en') },
              ...SHOWN_OUTCOMES.map((key) => ({
                key,
                head: HEADS[key],
                figures: true,
                cell: (row: Row) => {
                  const rate = rateOf(row[key], ofAll ? view.totals.of : row.of);
                  return (
                    <span title={`${rate.n} of ${rate.of}; 95% ${formatInterval(rate)}`}>
                      {formatPercent(rate.rate)}
                    </span>
                  );
                },
              })),
            ]}
          />
        )}
      </div>
    </Panel>
  );
}
