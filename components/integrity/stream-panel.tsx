import { Id } from '@/components/ui/id';
import { Panel } from '@/components/ui/panel';
import { RelativeTime } from '@/components/ui/time';
import { Word } from '@/components/ui/word';
import { ChainStrip } from '@/components/verification/chain-strip';
import type { StreamState, TenantVerificationState } from '@/lib/client/verification/tenant-verification';
import type { IntegrityStream, IntegrityView } from '@/lib/evidence/integrity-view';

/** Streams with heads and rates, and what this browser has found of each. */
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
              <StreamStrip stream={stream} state={run.streams.get(stream.stream)} />
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

/** How far this browser has come along the stream, and where it is broken; nothing before a run. */
function StreamStrip({ stream, state }: { stream: IntegrityStream; state: StreamState | undefined }) {
  if (!state || state.total === 0) return null;
  const start = stream.head - state.total;
  return (
    <ChainStrip
      first={Math.max(1, start + 1)}
      last={stream.head}
      reached={start + state.done}
      broken={[
        ...state.findings,
        ...(state.checks ?? []).filter(({ verdict }) => verdict === 'invalid'),
      ].flatMap(({ where }) => (where?.position === undefined ? [] : [where.position]))}
    />
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
