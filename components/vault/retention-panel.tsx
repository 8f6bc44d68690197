import { type Column, DataTable } from '@/components/ui/data-table';
import { Panel } from '@/components/ui/panel';
import { StateBox } from '@/components/ui/state-box';
import { Time } from '@/components/ui/time';
import { RETENTION_KIND_NAMES } from '@/lib/retention/schedule';
import type { DeletionView, DueView, VaultOverview } from '@/lib/retention/vault-overview';
import { SetSchedule } from './set-schedule';
import type { VaultDuties } from './vault-duties';

const DELETIONS: readonly Column<DeletionView>[] = [
  { key: 'at', head: 'When', cell: ({ at }) => <Time at={at} /> },
  { key: 'kind', head: 'What', cell: ({ kind }) => RETENTION_KIND_NAMES[kind] },
  { key: 'n', head: 'Deleted', figures: true, cell: ({ n }) => n.toLocaleString('en') },
  { key: 'held', head: 'Kept by holds', figures: true, cell: ({ held }) => held.toLocaleString('en') },
  { key: 'schedule', head: 'Schedule', figures: true, cell: ({ schedule }) => `version ${schedule}` },
  { key: 'record', head: 'Record', figures: true, cell: ({ position }) => `№ ${position}` },
];

/** How long each kind is kept, what is due before it is deleted, and what was. */
export function RetentionPanel({
  retention,
  duties,
}: {
  retention: VaultOverview['retention'];
  duties: VaultDuties;
}) {
  const { schedule, version, due, deletions, setBy } = retention;
  const columns: readonly Column<DueView>[] = [
    { key: 'kind', head: 'What', cell: ({ kind }) => RETENTION_KIND_NAMES[kind] },
    {
      key: 'days',
      head: 'Kept',
      figures: true,
      cell: ({ kind }) => {
        const days = schedule[kind];
        return days === null ? 'until erased' : `${days.toLocaleString('en')} days`;
      },
    },
    { key: 'n', head: 'Now', figures: true, cell: ({ kept }) => kept.toLocaleString('en') },
    {
      key: 'soon',
      head: 'Due in 30 days',
      figures: true,
      cell: ({ dueSoon }) => dueSoon.toLocaleString('en'),
    },
    { key: 'held', head: 'Kept by holds', figures: true, cell: ({ held }) => held.toLocaleString('en') },
    {
      key: 'next',
      head: 'Next due',
      cell: ({ nextAt }) =>
        nextAt === null ? <span className="dim">—</span> : <Time at={nextAt} precision="date" />,
    },
  ];
  return (
    <>
      <Panel
        title="Retention schedule"
        note={
          version === 0
            ? 'as installed: nobody has set one'
            : `version ${version}, set by ${setBy?.name ?? 'somebody'}`
        }
        end={duties.schedule && <SetSchedule key={version} schedule={schedule} version={version} />}
        flush
      >
        <DataTable
          caption="Retention schedule and what is due"
          columns={columns}
          rows={due}
          rowKey={({ kind }) => kind}
        />
        <p className="t2 vgap">
          Signed records have no schedule: they hold tokens and salted digests only, and taking one away would
          break every proof after it.
        </p>
      </Panel>
      <Panel title="Deleted" note="each batch is a signed record that names schedule, scope and count" flush>
        {deletions.length === 0 ? (
          <StateBox kind="empty" title="Nothing has been deleted by schedule yet">
            The console deletes what is due and not held, by itself.
          </StateBox>
        ) : (
          <DataTable
            caption="Deleted by schedule"
            columns={DELETIONS}
            rows={deletions}
            rowKey={({ id }) => id}
            tight
          />
        )}
      </Panel>
    </>
  );
}
