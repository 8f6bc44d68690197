import { CopyButton } from '@/components/ui/copy-button';
import { Id } from '@/components/ui/id';
import { JsonTree } from '@/components/ui/json-tree';
import { KeyValues } from '@/components/ui/key-values';
import { StateBox } from '@/components/ui/state-box';
import { Time } from '@/components/ui/time';
import { decodeUtf8 } from '@/lib/core/bytes';
import { formatHex, parseBase64 } from '@/lib/core/encoding';
import type { RecordView } from '@/lib/decisions/decision-detail';
import { readRecord } from '@/lib/decisions/read-record';

/** The signed bytes of a record as they are stored: nothing is left out, nothing is printed again. */
export function RawRecord({ record, title }: { record: RecordView; title: string }) {
  const bytes = parseBase64(record.envelope);
  const envelope = bytes.ok ? decodeUtf8(bytes.value) : bytes;
  const read = readRecord(record);
  return (
    <section className="panel rawrec" aria-label={title}>
      <header>
        <h2>{title}</h2>
        <span className="end">
          <a
            className="btn sm"
            href={`data:application/vnd.dsse+json;base64,${record.envelope}`}
            download={`${record.id}.dsse.json`}
          >
            Download
          </a>
        </span>
      </header>
      <div className="panel-body">
        <KeyValues
          left
          rows={[
            { label: 'Stream', value: <Id value={record.stream} whole copy /> },
            { label: 'Position', value: <span className="num">{record.position.toLocaleString('en')}</span> },
            { label: 'Accepted', value: <Time at={record.acceptedAt} precision="milli" /> },
            { label: 'Link', value: <Id value={linkHex(record.link)} copy label="link" /> },
            {
              label: 'Bytes',
              value: (
                <span className="num">
                  {bytes.ok ? bytes.value.length.toLocaleString('en') : 'unreadable'}
                </span>
              ),
            },
          ]}
        />
        {read.ok ? (
          <JsonTree json={read.value.text} title="Signed payload" note={`kind ${record.kind}`} />
        ) : (
          <StateBox kind="failing" title="The payload cannot be read">
            It stops at {read.detail}. The bytes below are what is stored.
          </StateBox>
        )}
        <h3 className="rawh">
          Envelope, byte for byte{' '}
          {envelope.ok && <CopyButton text={envelope.value} label="Copy the envelope" />}
        </h3>
        <pre className="rawb">{envelope.ok ? envelope.value : record.envelope}</pre>
      </div>
    </section>
  );
}

function linkHex(base64: string): string {
  const bytes = parseBase64(base64);
  if (!bytes.ok) return base64;
  return `blake2b-512:${formatHex(bytes.value)}`;
}
