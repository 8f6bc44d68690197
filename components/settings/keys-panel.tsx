import { Badge } from '@/components/ui/badge';
import { DataTable } from '@/components/ui/data-table';
import { Id } from '@/components/ui/id';
import { Panel } from '@/components/ui/panel';
import { Time } from '@/components/ui/time';
import type { ConsoleKeyView } from '@/lib/identity/console-key-view';
import { KEY_WORDS, ROTATABLE } from './key-words';
import { RotateKey } from './rotate-key';

function Validity({ view }: { view: ConsoleKeyView }) {
  return (
    <span className="dim">
      since <Time at={view.validFrom} precision="date" />
      {view.retiredAt !== null && (
        <>
          , until <Time at={view.retiredAt} precision="minute" />
        </>
      )}
    </span>
  );
}

/** The keys by which this console signs, and those by which it did. */
export function KeysPanel({ keys, mayChange }: { keys: readonly ConsoleKeyView[]; mayChange: boolean }) {
  return (
    <Panel title="This console’s keys" note={`${keys.length}, retired ones included`} flush>
      <DataTable
        caption="Keys of this console"
        rows={keys}
        rowKey={({ keyid }) => keyid}
        columns={[
          {
            key: 'purpose',
            head: 'For',
            cell: ({ purpose }) => (
              <div className="stack">
                <b>{KEY_WORDS[purpose]?.name ?? purpose}</b>
                <span className="dim">{KEY_WORDS[purpose]?.about}</span>
              </div>
            ),
          },
          {
            key: 'key',
            head: 'Key',
            cell: (view) => (
              <div className="stack">
                <Id value={view.keyid} keep={8} copy label="key" />
                <Validity view={view} />
              </div>
            ),
          },
          {
            key: 'state',
            head: mayChange ? 'Change' : 'State',
            figures: true,
            cell: (view) =>
              view.current ? (
                mayChange && ROTATABLE.includes(view.purpose) ? (
                  <div className="acts">
                    <RotateKey purpose={view.purpose} />
                  </div>
                ) : (
                  'in force'
                )
              ) : (
                <Badge tone="plain">{view.compromised ? 'ended: may be stolen' : 'retired'}</Badge>
              ),
          },
        ]}
      />
    </Panel>
  );
}
