import { Icon } from '@/components/ui/icon';
import { Id } from '@/components/ui/id';
import { Panel } from '@/components/ui/panel';
import { RelativeTime, Time } from '@/components/ui/time';
import { Word } from '@/components/ui/word';
import type { StreamState, TenantVerificationState } from '@/lib/client/verification/tenant-verification';
import type { IntegrityStream, IntegrityView } from '@/lib/evidence/integrity-view';

/** Streams with heads, rates, gaps and silences, and what this browser has found of each. */
export function StreamPanel({ view, run }: { view: IntegrityView; run: TenantVerificationState }) {
  return (
    <Panel title="Streams" end={<span className="lab">one producer each, hash-chained</span>} flush>
      {view.streams.length === 0 ? (
        <p className="t2 igap">No producer has sent a record yet.</p>
      ) : (
        <ul className="streams">
          {view.streams.map((stream) => (
            <li key={stream.stream}>
              <div className="sname">
                <Id value={stream.stream} whole />
                <span className="end">
                  <Verdict
                    state={run.streams.get(stream.stream)}
                    current={run.current === stream.stream}
                    phase={run.phase}
                  />
                </span>
              </div>
              <div className="smeta num">
                <span>
                  head <b>{stream.head.toLocaleString('en')}</b>
                </span>
                <span>
                  in the log to {stream.integrated.toLocaleString('en')}
                  {stream.integrated < stream.head &&
                    `, ${(stream.head - stream.integrated).toLocaleString('en')} wait`}
                </span>
                {!stream.stream.startsWith('console/') && (
                  <span>{stream.decisionsLastDay.toLocaleString('en')} decisions in the last day</span>
                )}
                <span>
                  last heard <RelativeTime at={stream.lastSeenAt} />
                </span>
                <span>
                  {stream.keys.length} {stream.keys.length === 1 ? 'key' : 'keys'}
                  {stream.keys.some(({ retiredAt }) => retiredAt !== null) &&
                    `, ${stream.keys.filter(({ retiredAt }) => retiredAt !== null).length} retired`}
                </span>
              </div>
              {stream.gaps.map((gap) => (
                <p key={gap.fromSeq} className="sgap">
                  <Icon name="missing" small />{' '}
                  <b>
                    {gap.fromSeq === gap.toSeq
                      ? `Number ${gap.fromSeq.toLocaleString('en')}`
                      : `Numbers ${gap.fromSeq.toLocaleString('en')} to ${gap.toSeq.toLocaleString('en')}`}
                  </b>{' '}
                  of this producer never arrived; noticed <Time at={gap.notedAt} precision="minute" />
                </p>
              ))}
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function Verdict({
  state,
  current,
  phase,
}: {
  state: StreamState | undefined;
  current: boolean;
  phase: TenantVerificationState['phase'];
}) {
  if (!state || phase === 'idle') return <Word tone="not-checked">not checked here</Word>;
  if (state.findings.length > 0 || state.checks?.some(({ verdict }) => verdict === 'invalid'))
    return <Word tone="invalid">INVALID</Word>;
  if (state.checks?.every(({ verdict }) => verdict === 'valid')) return <Word tone="valid">VALID</Word>;
  if (state.checks) return <Word tone="not-checked">NOT CHECKED</Word>;
  if (current && phase === 'running') {
    return (
      <Word tone="running">
        <span className="num">
          checking, {state.done.toLocaleString('en')} of {state.total.toLocaleString('en')}
        </span>
      </Word>
    );
  }
  return (
    <Word tone={phase === 'cancelled' || phase === 'failed' ? 'not-checked' : 'waiting'}>
      {phase === 'paused' && current
        ? 'paused'
        : phase === 'cancelled' || phase === 'failed'
          ? 'NOT CHECKED'
          : 'waiting'}
    </Word>
  );
}

/** Producers' names in short, for the incident list. */
export function shortStream(stream: IntegrityStream['stream']): string {
  return stream.split('/').at(-1) ?? stream;
}
