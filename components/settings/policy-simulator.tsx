'use client';

import { useEffect, useRef, useState } from 'react';
import { Button } from '@/components/ui/button';
import { ProgressBar } from '@/components/ui/progress-bar';
import { Segmented } from '@/components/ui/segmented';
import { RequestError } from '@/lib/client/fetch-json';
import { simulatePolicy } from '@/lib/client/simulate-policy';
import { SIMULATION_DAYS, type SimulationReport } from '@/lib/policy/simulation-report';
import { SimulationResult } from './simulation-result';
import './policy-simulator.css';

type Stage =
  | { kind: 'idle' }
  | { kind: 'running'; done: number; total: number; cancel: () => void }
  | { kind: 'done'; report: SimulationReport; text: string }
  | { kind: 'failed'; problem: string };

/** Plays a text over past decisions before anybody puts it in force. A result belongs to the very text it was made of. */
export function PolicySimulator({ text }: { text: string }) {
  const [days, setDays] = useState<(typeof SIMULATION_DAYS)[number]>(30);
  const [stage, setStage] = useState<Stage>({ kind: 'idle' });
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);

  async function run() {
    const cancel = new AbortController();
    running.current = cancel;
    const progress = (done: number, total: number) =>
      setStage({ kind: 'running', done, total, cancel: () => cancel.abort() });
    progress(0, 0);
    try {
      const report = await simulatePolicy({ text, days }, progress, cancel.signal);
      setStage({ kind: 'done', report, text });
    } catch (error) {
      if (cancel.signal.aborted) setStage({ kind: 'idle' });
      else
        setStage({
          kind: 'failed',
          problem: error instanceof RequestError ? error.message : 'The console did not answer. Try again.',
        });
    }
  }

  return (
    <div className="sim" id="simulate">
      <div className="acts">
        <Segmented
          label="Past decisions of"
          value={String(days)}
          options={SIMULATION_DAYS.map((each) => ({ value: String(each), label: `${each} days` }))}
          onChange={(value) => setDays(SIMULATION_DAYS.find((each) => String(each) === value) ?? 30)}
        />
        <Button busy={stage.kind === 'running'} onClick={() => void run()}>
          Simulate over past decisions
        </Button>
        {stage.kind === 'running' && (
          <Button small onClick={stage.cancel}>
            Cancel
          </Button>
        )}
      </div>
      {stage.kind === 'running' && (
        <div>
          <ProgressBar
            label="Simulation"
            value={stage.total === 0 ? undefined : stage.done}
            max={stage.total || 1}
          />
          <p className="lab num">
            {stage.done.toLocaleString('en')} of about {stage.total.toLocaleString('en')} decisions played
            again
          </p>
        </div>
      )}
      {stage.kind === 'failed' && (
        <p className="err" role="alert">
          {stage.problem}
        </p>
      )}
      <div aria-live="polite">
        {stage.kind === 'done' &&
          (stage.text === text ? (
            <SimulationResult report={stage.report} />
          ) : (
            <p className="t2">The text has changed since it was simulated.</p>
          ))}
      </div>
    </div>
  );
}
