import { describeError } from '../describe-error';
import { isDatabaseOutage, ServiceError } from '../errors';
import { sharedSingleton } from '../shared-singleton';
import { LogInconsistency } from './log-error';
import { openLog } from './open-log';
import { sequence } from './sequence';

const POLL_MS = 250;
const MAX_PAUSE_MS = 10_000;

interface Sequencer {
  stop(): Promise<void>;
}

/**
 * Runs the sequencer in this process until `stop`. One loop per process; between processes the database elects.
 * An outage is retried with growing pauses; a fatal inconsistency leaves the log halted and is said once.
 */
export function startSequencer(): Sequencer {
  return sharedSingleton('sequencer', createSequencer);
}

function createSequencer(): Sequencer {
  let stopped = false;
  let wake: () => void = () => {};
  const pause = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const run = async () => {
    let opened = false;
    let pauseMs = POLL_MS;
    while (!stopped) {
      try {
        if (!opened) await openLog();
        opened = true;
        const pass = await sequence();
        pauseMs = pass.outcome === 'published' && pass.remaining > 0 ? 0 : POLL_MS;
      } catch (error) {
        pauseMs = Math.min(MAX_PAUSE_MS, Math.max(POLL_MS, pauseMs * 2));
        report(error);
      }
      if (!stopped) await pause(pauseMs);
    }
  };
  const done = run();
  return {
    stop: async () => {
      stopped = true;
      wake();
      await done;
    },
  };
}

function report(error: unknown): void {
  if (error instanceof LogInconsistency) console.error('The log halted itself:', error.message);
  else if (isDatabaseOutage(error) || error instanceof ServiceError)
    console.warn('sequencer: database unavailable');
  else console.error('sequencer failed', describeError(error));
}
