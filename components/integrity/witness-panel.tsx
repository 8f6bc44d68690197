import { Id } from '@/components/ui/id';
import { KeyValues } from '@/components/ui/key-values';
import { MarkedText } from '@/components/ui/marked-text';
import { Panel } from '@/components/ui/panel';
import { RelativeTime, Time } from '@/components/ui/time';
import { Word } from '@/components/ui/word';
import type { IntegrityView } from '@/lib/evidence/integrity-view';
import { shortStream } from './stream-panel';

/** Who outside has seen the log, by which key it signs, and what the console noticed by itself. */
export function WitnessPanel({ view }: { view: IntegrityView }) {
  const first = view.checkpoints[0];
  return (
    <div className="stack">
      <Panel title="Witnesses" end={<span className="lab num">{view.witnesses.length}</span>} flush>
        {view.witnesses.length === 0 ? (
          <div className="wit nc">
            <span>
              <Word tone="not-checked">UNWITNESSED</Word>
            </span>
            <p>No witness outside this console</p>
            <small>
              {first ? (
                <>
                  since the log began
                  {first.size === 0 && (
                    <>
                      , <Time at={first.at} precision="minute" />
                    </>
                  )}
                  . Its operator could have rewritten it before you first looked; what your own browser
                  remembers is the only outside memory of it.
                </>
              ) : (
                'the log has no checkpoint yet'
              )}
            </small>
          </div>
        ) : (
          view.witnesses.map((witness) => (
            <div className="wit nc" key={witness.name}>
              <span>
                <Word tone="not-checked">NOT CHECKED</Word>
              </span>
              <p>
                <MarkedText text={witness.name} />
              </p>
              <small className="num">
                size {witness.size.toLocaleString('en')}, <RelativeTime at={witness.at} />; its trust root is
                not pinned here
              </small>
            </div>
          ))
        )}
      </Panel>
      <Panel title="The log's key">
        <KeyValues
          left
          rows={[
            { label: 'Name', value: <Id value={view.log.origin} whole /> },
            {
              label: 'Verifier key',
              value: <Id value={view.log.vkey} keep={6} copy label="verifier key" />,
            },
          ]}
        />
      </Panel>
      <Panel title="Incidents" note="noticed by the console itself" flush>
        {view.incidents.length === 0 ? (
          <p className="t2 igap">None.</p>
        ) : (
          <ul className="incidents">
            {view.incidents.map((incident) => (
              <li key={incident.id}>
                <b className="med">
                  <MarkedText text={incident.code.replaceAll('_', ' ')} />
                </b>{' '}
                {incident.stream !== null && (
                  <span className="t2">
                    <MarkedText text={shortStream(incident.stream)} />
                  </span>
                )}
                <span className="end dim">
                  <RelativeTime at={incident.at} />
                </span>
              </li>
            ))}
          </ul>
        )}
      </Panel>
    </div>
  );
}
