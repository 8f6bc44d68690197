import { Id } from '@/components/ui/id';
import { MarkedText } from '@/components/ui/marked-text';
import { Panel } from '@/components/ui/panel';
import type { ProducerConformance } from '@/lib/contract/conformance-view';

/** Records under a schema that came after this console: kept whole, shown as they were signed. */
export function LaterRecords({ later }: { later: ProducerConformance['later'] }) {
  const { records, examples } = later;
  return (
    <Panel
      title="Kept under a later schema"
      note={`${records.toLocaleString('en')} of them; chained and proven like every record, interpreted as far as this console knows`}
    >
      {examples.map(({ stream, position, id, kind, schemaVersion, text }) => (
        <details key={`${stream} ${position}`} className="later-record">
          <summary>
            <code>
              <MarkedText text={kind} />
            </code>{' '}
            schema {schemaVersion}, record {position.toLocaleString('en')}, <Id value={id} label="record" />
          </summary>
          <pre className="docs-bytes">
            <MarkedText text={text} />
          </pre>
        </details>
      ))}
    </Panel>
  );
}
