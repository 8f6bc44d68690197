import Link from 'next/link';
import { DataTable } from '@/components/ui/data-table';
import { type RatePoint, SHOWN_OUTCOMES } from '@/lib/analytics/rate-series';
import { routes } from '@/lib/client/routes';
import { formatDay, formatInterval, formatPercent } from './rate-words';

const HEADS = { escalate: 'Escalated', refuse: 'Refused', defer: 'Deferred' } as const;

function nextDay(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}

/** The chart's numbers, newest first. */
export function RateTable({ points, windowDays }: { points: readonly RatePoint[]; windowDays: number }) {
  return (
    <div className="itable">
      <DataTable
        caption={`Shares of the ${windowDays} days up to each day, with 95% intervals`}
        tight
        rows={[...points].reverse()}
        rowKey={(point) => point.day}
        columns={[
          {
            key: 'day',
            head: 'Day, UTC',
            cell: (point) => (
              <Link
                href={routes.decisions(`after:${point.day} before:${nextDay(point.day)}`)}
                prefetch={false}
                className="num"
              >
                {formatDay(point.day)}
              </Link>
            ),
          },
          {
            key: 'n',
            head: `n, ${windowDays} days`,
            figures: true,
            cell: (point) => point.of.toLocaleString('en'),
          },
          ...SHOWN_OUTCOMES.map((key) => ({
            key,
            head: HEADS[key],
            figures: true,
            cell: (point: RatePoint) =>
              point.of === 0 ? (
                <span className="dim">no decision</span>
              ) : (
                <>
                  {formatPercent(point[key].rate)} <span className="dim">{formatInterval(point[key])}</span>
                </>
              ),
          })),
        ]}
      />
    </div>
  );
}
