import type { Metadata } from 'next';
import { RecordKinds } from '@/components/docs/record-kinds';
import { CONFORMANCE_CODES } from '@/lib/contract/conformance';
import { SCHEMA_VERSION } from '@/lib/decisions/record-payload';

export const metadata: Metadata = { title: 'Records' };

const LEVELS = [
  ['refused', 'Refused', 'The console does not take the record.'],
  ['missing', 'Missing', 'Taken, but an investigation will ask for what is not in it.'],
  ['advice', 'Advice', 'Taken and complete; worth a look.'],
] as const;

/** Public: the record schema as a contract between producers and whoever investigates. */
export default function RecordsPage() {
  return (
    <main id="main" className="docs">
      <h1>Records, schema {SCHEMA_VERSION}</h1>
      <p className="t2">
        Every record is a DSSE envelope around one of these payloads, kept in the bytes in which it arrived. A
        minor version only adds members, kinds and values: what a later one brings is kept whole and shown,
        though not interpreted.{' '}
        <a href={`/schemas/records/${SCHEMA_VERSION}/index.json`}>All schemas as JSON</a> ·{' '}
        <a href="/docs/formats">The bytes</a>
      </p>
      <h2>Kinds</h2>
      <RecordKinds />
      <h2>What records may miss</h2>
      <p>
        <code>countersign conform records.ndjson --key producer.pem</code> tells it line by line without a
        console; <code>POST /api/v1/conformance</code> tells a registered producer; Settings show it for the
        newest records of each producer.
      </p>
      {LEVELS.map(([level, title, about]) => (
        <section key={level} aria-labelledby={`level-${level}`}>
          <h3 id={`level-${level}`}>{title}</h3>
          <p className="t2">{about}</p>
          <dl className="docs-examples">
            {Object.entries(CONFORMANCE_CODES)
              .filter(([, [of]]) => of === level)
              .map(([code, [, sentence]]) => (
                <div key={code}>
                  <dt>
                    <code>{code}</code>
                  </dt>
                  <dd>{sentence}</dd>
                </div>
              ))}
          </dl>
        </section>
      ))}
    </main>
  );
}
