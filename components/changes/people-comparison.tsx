import { DataTable } from '@/components/ui/data-table';
import { formatDuration } from '@/components/ui/format-time';
import { Panel } from '@/components/ui/panel';
import type { ChangeComparison, EscalationStates } from '@/lib/analytics/change-comparison';
import { rateOf } from '@/lib/analytics/wilson';
import { formatInterval, formatPercent } from '../insights/rate-words';

type Side = 'before' | 'after';
const SIDES = ['before', 'after'] as const;

function share(n: number, of: number) {
  if (of === 0) return <span className="dim">none</span>;
  const rate = rateOf(n, of);
  return (
    <span className="num">
      <b>{formatPercent(rate.rate)}</b> {n.toLocaleString('en')} of {of.toLocaleString('en')}{' '}
      <small className="dim">{formatInterval(rate)}</small>
    </span>
  );
}

const decided = ({ approved, denied }: EscalationStates) => approved + denied;
const ended = (states: EscalationStates) =>
  decided(states) + states.expired + states.cancelled + states.superseded;

/** What people did with what was escalated in each window. Nobody's silence counts as a verdict. */
export function PeopleComparison({ view }: { view: ChangeComparison }) {
  const rows: { name: string; cell: (side: Side) => React.ReactNode }[] = [
    {
      name: 'Approved, of those a person decided',
      cell: (side) => share(view.escalations[side].approved, decided(view.escalations[side])),
    },
    {
      name: 'Denied, of those a person decided',
      cell: (side) => share(view.escalations[side].denied, decided(view.escalations[side])),
    },
    {
      name: 'Expired undecided, of all that ended',
      cell: (side) => share(view.escalations[side].expired, ended(view.escalations[side])),
    },
    {
      name: 'Withdrawn or replaced, of all that ended',
      cell: (side) =>
        share(
          view.escalations[side].cancelled + view.escalations[side].superseded,
          ended(view.escalations[side]),
        ),
    },
    {
      name: 'Active dwell, median and middle half',
      cell: (side) => {
        const { n, quartilesMs } = view.dwell[side];
        if (!quartilesMs) return <span className="dim">no verdict</span>;
        const [low, middle, high] = quartilesMs;
        return (
          <span className="num">
            <b>{formatDuration(middle)}</b> {formatDuration(low)} to {formatDuration(high)}{' '}
            <small className="dim">n = {n.toLocaleString('en')}</small>
          </span>
        );
      },
    },
  ];
  return (
    <Panel title="People" note="of the same agents’ escalations" flush>
      <DataTable
        caption="What people decided before and after"
        tight
        rows={rows}
        rowKey={({ name }) => name}
        columns={[
          { key: 'name', head: 'Measure', cell: ({ name }) => name },
          ...SIDES.map((side) => ({
            key: side,
            head: side === 'before' ? 'Before' : 'After',
            figures: true,
            cell: (row: (typeof rows)[number]) => row.cell(side),
          })),
        ]}
      />
    </Panel>
  );
}
