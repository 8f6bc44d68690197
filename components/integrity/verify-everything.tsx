'use client';

import { Button } from '@/components/ui/button';
import { formatDuration } from '@/components/ui/format-time';
import { LiveRegion } from '@/components/ui/live-region';
import { Panel } from '@/components/ui/panel';
import { ProgressBar } from '@/components/ui/progress-bar';
import { CheckRow } from '@/components/verification/check-row';
import { VerdictCounts } from '@/components/verification/verdict-counts';
import { paceOf, type TenantVerificationState } from '@/lib/client/verification/tenant-verification';
import type { TenantVerification } from '@/lib/client/verification/use-tenant-verification';
import type { StreamFinding } from '@/lib/evidence/verify-range';
import type { Check } from '@/lib/integrity/check';
import '../verification/verification.css';

const figure = (n: number) => n.toLocaleString('en');

/** A finding as a line, before its stream has been walked to the end. */
function lineOf(finding: StreamFinding): Check {
  const isSignature = finding.code.startsWith('signature') || finding.code.startsWith('key');
  return {
    id: `${finding.where.stream} ${finding.where.position} ${finding.code}`,
    title: isSignature ? 'Signature' : finding.code === 'entry_mismatch' ? 'Entry' : 'Chain',
    verdict: 'invalid',
    compared: 'the stored record with its place in the chain, the keys of its producer and the log',
    ...finding,
  };
}

/** `2,700 records a second, 4.8 MB a second, about 3.0 s left`. */
function paceWords(state: TenantVerificationState): string {
  const pace = paceOf(state);
  if (!pace || state.phase !== 'running') return '';
  const rate = `, ${figure(Math.round(pace.perSecond))} ${pace.kind} a second, ${(pace.bytesPerSecond / 1e6).toFixed(1)} MB a second`;
  return Number.isFinite(pace.leftMs) ? `${rate}, about ${formatDuration(pace.leftMs)} left` : rate;
}

/** The run over the whole log and every stream: how far, how fast, what failed and where. */
export function VerifyEverything({ run }: { run: TenantVerification }) {
  const { state } = run;
  const { phase, done, total, spentMs, log } = state;
  const busy = phase === 'running' || phase === 'paused';
  const checks = [
    ...(log.checks ?? []),
    ...[...state.streams.values()].flatMap((stream) => stream.checks ?? []),
  ];
  const findings = [...state.streams.values()].flatMap((stream) => stream.findings.map(lineOf));
  const ended = [...state.streams].flatMap(([stream, { checks: told }]) =>
    (told ?? [])
      .filter(
        ({ verdict, code }) => verdict !== 'valid' && !findings.some((finding) => finding.code === code),
      )
      .map((check) => ({ ...check, id: `${stream} ${check.id}` })),
  );
  const lines = [...findings, ...ended];
  const invalid = [...(log.checks ?? []), ...lines].filter(({ verdict }) => verdict === 'invalid').length;
  return (
    <section className="iverify" aria-label="Verification in this browser">
      <div className="vtools">
        <VerdictCounts
          checks={phase === 'done' ? checks : [...(log.checks ?? []), ...findings]}
          complete={phase === 'done'}
        />
        <span className="num">
          {figure(log.done)} of {figure(log.total)} leaves, {figure(done)} of {figure(total)} records
          {paceWords(state)}
          {phase === 'paused' && ', paused'}
          {phase === 'cancelled' && '; stopped, the rest is not checked'}
          {phase === 'done' && ` in ${formatDuration(spentMs)}`}
        </span>
        {busy && (
          <span className="end vbuttons">
            <Button small onClick={phase === 'paused' ? run.resume : run.pause}>
              {phase === 'paused' ? 'Go on' : 'Pause'}
            </Button>
            <Button small onClick={run.cancel}>
              Cancel
            </Button>
          </span>
        )}
      </div>
      <ProgressBar
        label="Log and records checked in this browser"
        value={log.done + done}
        max={Math.max(1, log.total + total)}
      />
      <LiveRegion>
        {phase === 'done' &&
          (invalid === 0
            ? 'Nothing is INVALID'
            : `${invalid} ${invalid === 1 ? 'line is' : 'lines are'} INVALID`)}
      </LiveRegion>
      {phase === 'failed' && (
        <p className="t2">The run stopped: {state.message}. What was not reached is not checked.</p>
      )}
      {log.checks && (
        <Panel title="The log" end={<span className="lab">rebuilt in this browser</span>} flush>
          <ol className="checks" aria-label="Checks of the log">
            {log.checks.map((check) => (
              <CheckRow key={check.id} check={check} />
            ))}
          </ol>
        </Panel>
      )}
      {lines.length > 0 && (
        <Panel title="Streams that are not VALID" flush>
          <ol className="checks" aria-label="Checks of streams that are not VALID">
            {lines.map((check) => (
              <CheckRow key={check.id} check={check} />
            ))}
          </ol>
        </Panel>
      )}
      {phase === 'done' && invalid === 0 && lines.length === 0 && (
        <p className="t2">
          {state.fromStart
            ? 'Every leaf of the log, and every signature, link and counter of these streams, was recomputed here from what the console holds now; each record’s entry stands in the log. '
            : 'What came since the last run was recomputed here from what the console holds now; what was verified before was not read again. '}
          Whether the log was shown to others as it was shown to you is what witnesses are for.
        </p>
      )}
    </section>
  );
}
