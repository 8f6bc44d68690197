'use client';

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { DataTable } from '@/components/ui/data-table';
import { Id } from '@/components/ui/id';
import { MarkedText } from '@/components/ui/marked-text';
import { Panel } from '@/components/ui/panel';
import { Skeleton } from '@/components/ui/skeleton';
import { StateBox } from '@/components/ui/state-box';
import { Time } from '@/components/ui/time';
import { reconciliationsQuery } from '@/lib/client/queries/completeness';
import type { ReconciliationRow } from '@/lib/completeness/reconciliation-view';
import { FINDING_WORDS } from './finding-words';
import { ImportList } from './import-list';
import { ReconciliationDetail } from './reconciliation-detail';

/** Findings of a reconciliation that somebody should look at. */
function toLookAt({ counts }: ReconciliationRow): number {
  return Object.entries(counts).reduce(
    (sum, [finding, n]) => sum + (FINDING_WORDS[finding as keyof typeof FINDING_WORDS].fine ? 0 : (n ?? 0)),
    0,
  );
}

/** Downstream systems' own lists, held against the decisions of their time. */
export function ReconciliationPanel({ mayImport }: { mayImport: boolean }) {
  const list = useQuery(reconciliationsQuery());
  const [importing, setImporting] = useState(false);
  const [chosen, setChosen] = useState<string | null>(null);
  const rows = list.data?.reconciliations ?? [];
  const shown = chosen ?? rows[0]?.id ?? null;
  return (
    <>
      <Panel
        title="Reconciliations"
        note="what other systems did, against what was decided"
        end={
          mayImport &&
          list.data && (
            <Button small variant="primary" onClick={() => setImporting(true)}>
              Import a list
            </Button>
          )
        }
        flush
      >
        {list.isPending ? (
          <Skeleton lines={3} label="Reading the reconciliations" />
        ) : !list.data ? (
          <StateBox
            kind="failing"
            title="The reconciliations could not be read"
            action={
              <Button small onClick={() => list.refetch()}>
                Read again
              </Button>
            }
          >
            {list.error?.message}
          </StateBox>
        ) : rows.length === 0 ? (
          <StateBox kind="empty" title="Nothing has been reconciled">
            Import what another system says it did, payments made or orders placed, to see actions without a
            decision and decisions without an action.
          </StateBox>
        ) : (
          <DataTable
            caption="Reconciliations"
            rows={rows}
            rowKey={({ id }) => id}
            columns={[
              {
                key: 'list',
                head: 'List',
                cell: (row) => (
                  <button
                    type="button"
                    className="link"
                    aria-pressed={row.id === shown}
                    onClick={() => setChosen(row.id)}
                  >
                    <MarkedText text={`${row.system}, ${row.type}`} />
                  </button>
                ),
              },
              {
                key: 'time',
                head: 'Covers',
                cell: (row) => (
                  <>
                    <Time at={row.from} precision="minute" /> to <Time at={row.to} precision="minute" />
                  </>
                ),
              },
              { key: 'rows', head: 'Rows', figures: true, cell: (row) => row.rows.toLocaleString('en') },
              {
                key: 'look',
                head: 'To look at',
                figures: true,
                cell: (row) => <b>{toLookAt(row).toLocaleString('en')}</b>,
              },
              {
                key: 'by',
                head: 'Imported',
                cell: (row) => (
                  <>
                    <Time at={row.importedAt} precision="minute" /> by <MarkedText text={row.importedBy} />
                  </>
                ),
              },
              {
                key: 'digest',
                head: 'File',
                cell: (row) => <Id value={row.fileDigest} keep={6} copy label="digest of the file" />,
              },
            ]}
          />
        )}
      </Panel>
      {shown !== null && <ReconciliationDetail key={shown} id={shown} />}
      {importing && list.data && (
        <ImportList
          known={list.data.known}
          onClose={() => setImporting(false)}
          onDone={(id) => {
            setImporting(false);
            setChosen(id);
          }}
        />
      )}
    </>
  );
}
