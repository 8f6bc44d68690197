'use client';

import { Button } from '@/components/ui/button';
import { formatDuration } from '@/components/ui/format-time';
import { LiveRegion } from '@/components/ui/live-region';
import { Panel } from '@/components/ui/panel';
import { ProgressBar } from '@/components/ui/progress-bar';
import { CheckRow } from '@/components/verification/check-row';
import { VerdictCounts } from '@/components/verification/verdict-counts';
import type { useTenantVerification } from '@/lib/client/verification/use-tenant-verification';
import type { Check } from '@/lib/integrity/check';
import type { ChainFinding } from '@/lib/integrity/walk-chain';
import '../verification/verification.css';

/** A finding as a line, before its stream has been walked to the end. */
function lineOf(finding: ChainFinding): Check {
  return {
    id: `${finding.where.stream} ${finding.where.position} ${finding.code}`,
    title: finding.code.startsWith('signature') || finding.code.startsWith('key') ? 'Signature' : 'Chain',
    verdict: 'invalid',
    compared: 'the stored record with its place in the chain and the keys of its producer',
    ...finding,
  };
}

/** The run over every stream: how far, how fast, what failed and where. */
export function VerifyEverything({ run }: { run: ReturnType<typeof useTenantVerification> }) {
  const { state } = run;
  const { phase, done, total, spentMs } = state;
  const busy = phase === 'running' || phase === 'paused';
  const perSecond = spentMs < 500 ? 0 : done / (spentMs / 1_000);
  const leftMs = perSecond === 0 ? null : ((total - done) / perSecond) * 1_000;
  const checks = [...state.streams.values()].flatMap((stream) => stream.checks ?? []);
  const findings = [...state.streams.values()].flatMap((stream) => stream.findings.map(lineOf));
  const ended = [...state.streams].flatMap(([stream, { checks: told }]) =>
    (told ?? [])
      .filter(
        ({ verdict, code }) => verdict !== 'valid' && !findings.some((finding) => finding.code === code),
      )
      .map((check) => ({ ...check, id: `${stream} ${check.id}` })),
  );
  const lines = [...findings, ...ended];
  return (
    <section className="iverify" aria-label="Verification in this browser">
      <div className="vtools">
        <VerdictCounts checks={phase === 'done' ? checks : findings} complete={phase === 'done'} />
        <span className="num">
          {done.toLocaleString('en')} of {total.toLocaleString('en')} records
          {perSecond > 0 && `, ${Math.round(perSecond).toLocaleString('en')} a second`}
          {busy && leftMs !== null && phase === 'running' && `, about ${formatDuration(leftMs)} left`}
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
      <ProgressBar label="Records checked in this browser" value={done} max={Math.max(1, total)} />
      <LiveRegion>
        {phase === 'done' && (lines.length === 0 ? 'Everything is VALID' : `${lines.length} findings`)}
      </LiveRegion>
      {phase === 'failed' && (
        <p className="t2">The run stopped: {state.message}. What was not reached is not checked.</p>
      )}
      {lines.length > 0 && (
        <Panel title="Not VALID" flush>
          <ol className="checks">
            {lines.map((check) => (
              <CheckRow key={check.id} check={check} />
            ))}
          </ol>
        </Panel>
      )}
      {phase === 'done' && lines.length === 0 && (
        <p className="t2">
          Every signature, every link and every counter of these streams was recomputed here from the stored
          bytes, and the signed log holds the last link of each. Whether the log as a whole was shown to
          others as it was shown to you is what witnesses are for.
        </p>
      )}
    </section>
  );
}
