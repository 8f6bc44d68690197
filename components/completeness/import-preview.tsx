import { Amount } from '@/components/ui/amount';
import { DataTable } from '@/components/ui/data-table';
import { Id } from '@/components/ui/id';
import { Time } from '@/components/ui/time';
import { type ColumnMapping, mapColumns, type RowFault } from '@/lib/completeness/map-columns';
import type { CsvTable } from '@/lib/completeness/parse-csv';

const SHOWN = 5;
const FAULTS: Record<RowFault, string> = {
  id_missing: 'have no id',
  id_unfit: 'have an id that is no reference',
  id_personal: 'have an id that is an address or account of somebody',
  amount_unreadable: 'have an amount that cannot be read',
  currency_unreadable: 'have a currency that is no code',
  time_unreadable: 'have a time without its zone, or none that can be read',
};

/** What will be read of the file, before anything is sent. */
export function ImportPreview({ table, mapping }: { table: CsvTable; mapping: ColumnMapping }) {
  const mapped = mapColumns(table, mapping);
  if (!mapped) return null;
  const faults = new Map<RowFault, number>();
  for (const { fault } of mapped.faults) faults.set(fault, (faults.get(fault) ?? 0) + 1);
  return (
    <div className="cpreview" aria-live="polite">
      <p>
        <b>{mapped.actions.length.toLocaleString('en')}</b> of {table.rows.length.toLocaleString('en')} rows
        can be read
        {faults.size > 0 &&
          `; ${[...faults].map(([fault, n]) => `${n.toLocaleString('en')} ${FAULTS[fault]}`).join(', ')}`}
        .
      </p>
      {mapped.actions.length > 0 && (
        <DataTable
          caption="The first rows as they will be read"
          tight
          rows={mapped.actions.slice(0, SHOWN)}
          rowKey={({ row }) => String(row)}
          columns={[
            { key: 'row', head: 'Row', figures: true, cell: ({ row }) => row },
            { key: 'id', head: 'Id', cell: ({ id }) => <Id value={id} whole /> },
            {
              key: 'amount',
              head: 'Amount',
              figures: true,
              cell: ({ amount, currency }) =>
                amount && (currency ? <Amount value={amount} currency={currency} /> : amount),
            },
            {
              key: 'at',
              head: 'When',
              cell: ({ atMs }) =>
                atMs === null ? <span className="dim">not said</span> : <Time at={atMs} precision="minute" />,
            },
          ]}
        />
      )}
    </div>
  );
}
