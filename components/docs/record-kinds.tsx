import { DataTable } from '@/components/ui/data-table';
import { recordSchemaPath } from '@/lib/contract/record-json-schema';
import { guideOf, KIND_NAMES } from '@/lib/contract/record-kinds';
import './docs.css';

/** Every kind of record, who signs it, and where its schema is. */
export function RecordKinds() {
  return (
    <DataTable
      caption="Kinds of records"
      rows={KIND_NAMES.map((kind) => ({ kind, ...guideOf(kind) }))}
      rowKey={({ kind }) => kind}
      columns={[
        {
          key: 'kind',
          head: 'Kind',
          cell: ({ kind }) => (
            <a href={recordSchemaPath(kind)} className="mono">
              {kind}
            </a>
          ),
        },
        {
          key: 'signed',
          head: 'Signed by',
          cell: ({ signedBy }) => (signedBy === 'console' ? 'the console' : 'its producer'),
        },
        { key: 'about', head: 'What it says', cell: ({ about }) => about },
      ]}
    />
  );
}
