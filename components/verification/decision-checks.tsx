'use client';

import { Button } from '@/components/ui/button';
import { LiveRegion } from '@/components/ui/live-region';
import { Panel } from '@/components/ui/panel';
import { ProgressBar } from '@/components/ui/progress-bar';
import { StateBox } from '@/components/ui/state-box';
import type { TamperSubject } from '@/lib/client/verification/tamper-protocol';
import type { useDecisionVerification } from '@/lib/client/verification/use-decision-verification';
import { CheckRow, FromStartButton, RunningRow } from './check-row';
import { TryTampering } from './try-tampering';
import './verification.css';

type Run = ReturnType<typeof useDecisionVerification>;

/** Every check of a decision as this browser makes it, and a way to try them. */
export function DecisionChecks({ run, subject }: { run: Run; subject: TamperSubject | null }) {
  const { state } = run;
  const { phase, checks, running, progress } = state;
  const busy = phase === 'running' || phase === 'paused';
  const invalid = checks.filter(({ verdict }) => verdict === 'invalid');
  return (
    <>
      <div className="vtools">
        <span className="t2">
          Checked in this browser, from the bytes that the console holds, with the keys that stand beside each
          line.
        </span>
        <span className="end vbuttons">
          {busy && (
            <>
              <Button small onClick={phase === 'paused' ? run.resume : run.pause}>
                {phase === 'paused' ? 'Go on' : 'Pause'}
              </Button>
              <Button small onClick={run.cancel}>
                Cancel
              </Button>
            </>
          )}
          {!busy && phase !== 'idle' && <FromStartButton onClick={() => run.start(true)} />}
        </span>
      </div>
      <ProgressBar
        label="Records checked"
        value={phase === 'done' ? 1 : progress ? progress.done : undefined}
        max={phase === 'done' ? 1 : (progress?.total ?? 1)}
      />
      <LiveRegion>
        {phase === 'done' &&
          (invalid.length > 0
            ? `${invalid.length} checks INVALID: ${invalid.map(({ title }) => title).join(', ')}`
            : 'No check is INVALID')}
      </LiveRegion>
      {phase === 'failed' && (
        <StateBox
          kind="failing"
          title="The checks stopped"
          action={
            <Button small onClick={() => run.start(false)}>
              Check again
            </Button>
          }
        >
          {state.message} What was not reached is not checked, and not passed.
        </StateBox>
      )}
      {phase === 'cancelled' && (
        <StateBox
          kind="empty"
          title="You stopped the checks"
          action={
            <Button small onClick={() => run.start(false)}>
              Check again
            </Button>
          }
        >
          Lines that are not here were not checked.
        </StateBox>
      )}
      <Panel title="Checks" end={<span className="lab">in this browser; nothing is sent</span>} flush>
        <ol className="checks" aria-label="Checks">
          {[...checks]
            .sort((a, b) => Number(b.verdict === 'invalid') - Number(a.verdict === 'invalid'))
            .map((check) => (
              <CheckRow key={check.id} check={check} tookMs={check.tookMs} />
            ))}
          {running && (
            <RunningRow
              title={running.title}
              words={
                progress && running.id.includes('chain')
                  ? `${progress.done.toLocaleString('en')} of ${progress.total.toLocaleString('en')} records${phase === 'paused' ? ', paused' : ''}`
                  : ''
              }
            />
          )}
          {phase === 'idle' && <RunningRow title="Keys" words="are being fetched" waiting />}
        </ol>
      </Panel>
      {!busy && phase !== 'idle' && (
        <div className="vtry">
          <TryTampering subject={subject} />
        </div>
      )}
    </>
  );
}
