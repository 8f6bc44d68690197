import { Id } from '@/components/ui/id';
import { KeyValues } from '@/components/ui/key-values';
import { MarkedText } from '@/components/ui/marked-text';
import { Panel } from '@/components/ui/panel';
import { RelativeTime, Time } from '@/components/ui/time';
import { Word } from '@/components/ui/word';
import type { IntegrityView } from '@/lib/evidence/integrity-view';
import { shortStream } from './stream-panel';
import { WitnessRow } from './witness-row';

/** Who outside has seen the log, by which key it signs, and what the console noticed by itself. */
export function WitnessPanel({ view }: { view: IntegrityView }) {
  const asked = view.witnesses.filter(({ enabled }) => enabled);
  const upToDate = asked.filter(({ state, lastSize }) => state === 'ok' && lastSize !== null);
  return (
    <div className="stack">
      <Panel
        title="Witnesses"
        note={asked.length > 0 ? 'as the console verified them' : undefined}
        end={
          <span className="lab num">
            {asked.length > 0 ? `${upToDate.length} of ${asked.length}` : view.witnesses.length}
          </span>
        }
        flush
      >
        <Unwitnessed view={view} />
        {view.witnesses.length > 0 && (
          <ul className="wits">
            {view.witnesses.map((witness) => (
              <WitnessRow key={witness.name} witness={witness} />
            ))}
          </ul>
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

/** Nothing where enough outside authorities have seen the log in time. */
function Unwitnessed({ view }: { view: IntegrityView }) {
  const isSeen = view.witnesses.some(({ lastSize }) => lastSize !== null);
  if (isSeen && view.unwitnessedSince === null) return null;
  const first = view.checkpoints[0];
  const since = view.unwitnessedSince ?? (first?.size === 0 ? first.at : null);
  return (
    <div className="wit nc">
      <span>
        <Word tone="not-checked">UNWITNESSED</Word>
      </span>
      <p>{unwitnessedWords(view, isSeen)}</p>
      <small>
        {first ? (
          <>
            {since !== null && (
              <>
                since <Time at={since} precision="minute" />.{' '}
              </>
            )}
            {isSeen
              ? 'What was published since could be rewritten before anybody outside saw it.'
              : 'Its operator could have rewritten it before you first looked; what your own browser remembers is the only outside memory of it.'}
          </>
        ) : (
          'the log has no checkpoint yet'
        )}
      </small>
    </div>
  );
}

function unwitnessedWords({ witnesses, requiredWitnesses }: IntegrityView, isSeen: boolean): string {
  if (witnesses.length === 0) return 'No witness outside this console';
  if (!isSeen) return 'No witness has seen the log yet';
  return requiredWitnesses > 1
    ? `Fewer witnesses than the ${requiredWitnesses} that the policy wants`
    : 'No witness has seen the newest checkpoints';
}
