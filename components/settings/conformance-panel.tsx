import Link from 'next/link';
import { Badge } from '@/components/ui/badge';
import { DataTable } from '@/components/ui/data-table';
import { Id } from '@/components/ui/id';
import { MarkedText } from '@/components/ui/marked-text';
import { Panel } from '@/components/ui/panel';
import { StateBox } from '@/components/ui/state-box';
import { CONFORMANCE_CODES, type ConformanceLevel } from '@/lib/contract/conformance';
import type { FindingSum, ProducerConformance } from '@/lib/contract/conformance-view';
import { LaterRecords } from './later-records';

const LEVEL_WORDS: Record<ConformanceLevel, string> = {
  refused: 'would be refused',
  missing: 'missing',
  advice: 'advice',
};

function Example({ finding: { example, paths } }: { finding: FindingSum }) {
  return (
    <div className="stack">
      {paths.map((path) => (
        <code key={path}>
          <MarkedText text={path} />
        </code>
      ))}
      <span className="dim">
        newest: record {example.position.toLocaleString('en')}, <Id value={example.id} copy label="record" />
      </span>
    </div>
  );
}

/** What a producer's newest records miss, the gravest first, and what this console keeps without understanding it. */
export function ConformancePanel({ conformance }: { conformance: ProducerConformance }) {
  const { name, producer, records, complete, findings, later } = conformance;
  return (
    <>
      <Panel
        title={
          <>
            Conformance of <MarkedText text={name} />
          </>
        }
        note={
          records === 0
            ? 'no record yet'
            : `${complete.toLocaleString('en')} of its newest ${records.toLocaleString('en')} records are complete`
        }
        end={
          <Link className="link" href="/settings/producers">
            All producers
          </Link>
        }
        flush
      >
        {records === 0 ? (
          <StateBox kind="empty" title="This producer has sent no record yet">
            What its records miss will stand here, by the schema that{' '}
            <a href="/docs/records">every producer</a> is held to.
          </StateBox>
        ) : findings.length === 0 ? (
          <StateBox kind="empty" title="Nothing is missing">
            Schema, signature, sequence, tokens, scores and versions are what an investigation asks for.
          </StateBox>
        ) : (
          <DataTable
            caption={`What records of ${producer} miss`}
            rows={findings}
            rowKey={({ code }) => code}
            columns={[
              {
                key: 'level',
                head: 'How grave',
                cell: ({ level }) => <Badge tone="plain">{LEVEL_WORDS[level]}</Badge>,
              },
              {
                key: 'what',
                head: 'What',
                cell: ({ code }) => (
                  <div className="stack">
                    <code>{code}</code>
                    <span>{CONFORMANCE_CODES[code][1]}</span>
                  </div>
                ),
              },
              { key: 'where', head: 'Where', cell: (finding) => <Example finding={finding} /> },
              {
                key: 'records',
                head: 'How many',
                figures: true,
                cell: ({ records: n }) => `${n.toLocaleString('en')} ${n === 1 ? 'record' : 'records'}`,
              },
            ]}
          />
        )}
      </Panel>
      {later.records > 0 && <LaterRecords later={later} />}
    </>
  );
}
