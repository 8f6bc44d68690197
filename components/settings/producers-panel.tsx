import Link from 'next/link';
import { Badge } from '@/components/ui/badge';
import { DataTable } from '@/components/ui/data-table';
import { Id } from '@/components/ui/id';
import { MarkedText } from '@/components/ui/marked-text';
import { Panel } from '@/components/ui/panel';
import { StateBox } from '@/components/ui/state-box';
import { Time } from '@/components/ui/time';
import type { ProducerView } from '@/lib/producers/producer';
import { ProducerActions } from './producer-actions';
import { RegisterProducer } from './register-producer';
import { RetireKey } from './retire-key';

const KIND_WORDS = { gateway: 'gateway', agent: 'agent', pipeline: 'pipeline' } as const;

function Keys({ producer, mayChange }: { producer: ProducerView; mayChange: boolean }) {
  const active = producer.keys.filter((key) => key.retiredAt === null);
  return (
    <div className="stack">
      {producer.keys.map((key) => (
        <span key={key.keyid} className="acts">
          <Id value={key.keyid} keep={8} copy label="key" />
          {key.retiredAt === null ? (
            <span className="dim">
              since <Time at={key.validFrom} precision="date" />
            </span>
          ) : (
            <span className="dim">
              retired <Time at={key.retiredAt} precision="date" />
            </span>
          )}
          {mayChange && key.retiredAt === null && (
            <RetireKey producer={producer.id} keyid={key.keyid} last={active.length === 1} />
          )}
        </span>
      ))}
    </div>
  );
}

/** Who may send records and ask for authority, and by which keys. */
export function ProducersPanel({
  producers,
  mayChange,
}: {
  producers: readonly ProducerView[];
  mayChange: boolean;
}) {
  return (
    <Panel
      title="Producers"
      note={`${producers.length}, retired keys included`}
      end={mayChange ? <RegisterProducer /> : undefined}
      flush
    >
      {producers.length === 0 ? (
        <StateBox kind="empty" title="No producer is registered">
          Until one is, nothing can be recorded and no agent can ask for authority.
        </StateBox>
      ) : (
        <DataTable
          caption="Producers and their keys"
          rows={producers}
          rowKey={(producer) => producer.id}
          columns={[
            {
              key: 'name',
              head: 'Producer',
              cell: (producer) => (
                <div className="stack">
                  <b>
                    <MarkedText text={producer.name} />
                  </b>
                  <Id value={producer.id} whole copy label="SPIFFE ID" />
                </div>
              ),
            },
            { key: 'kind', head: 'Kind', cell: (producer) => KIND_WORDS[producer.kind] },
            {
              key: 'conformance',
              head: 'Records',
              cell: (producer) => (
                <Link
                  className="link"
                  href={`/settings/conformance?producer=${encodeURIComponent(producer.id)}`}
                  aria-label={`what they miss: records of ${producer.name}`}
                >
                  what they miss
                </Link>
              ),
            },
            {
              key: 'keys',
              head: 'Keys',
              cell: (producer) => <Keys producer={producer} mayChange={mayChange && !producer.disabledAt} />,
            },
            {
              key: 'acts',
              head: mayChange ? 'Change' : 'State',
              figures: true,
              cell: (producer) =>
                producer.disabledAt !== null ? (
                  <Badge tone="plain">
                    disabled <Time at={producer.disabledAt} precision="date" />
                  </Badge>
                ) : mayChange ? (
                  <ProducerActions producer={producer.id} name={producer.name} />
                ) : (
                  'accepted'
                ),
            },
          ]}
        />
      )}
    </Panel>
  );
}
