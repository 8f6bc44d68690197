import { nowMs } from '../clock';
import { describeError } from '../describe-error';
import { isDatabaseOutage, ServiceError } from '../errors';
import { sharedSingleton } from '../shared-singleton';
import { claimJob } from './claim-job';
import { runJob } from './run-job';
import { scheduleStamps } from './schedule-stamps';

const POLL_MS = 1_000;
const MAX_PAUSE_MS = 10_000;
/** A slow witness keeps nobody from the others. */
const AT_ONCE = 8;

interface Stamping {
  stop(): Promise<void>;
}

/**
 * Asks the witnesses from this process until `stop`. One loop a process; between processes the database hands out the
 * jobs, each to one. An outage of the database is retried with growing pauses.
 */
export function startStamping(): Stamping {
  return sharedSingleton('stamping', createStamping);
}

function createStamping(): Stamping {
  const stopped = new AbortController();
  const { signal } = stopped;
  const running = new Set<Promise<unknown>>();
  const run = async () => {
    let pauseMs = POLL_MS;
    while (!signal.aborted) {
      try {
        await scheduleStamps(nowMs());
        await startDue(running, signal);
        pauseMs = POLL_MS;
      } catch (error) {
        pauseMs = Math.min(MAX_PAUSE_MS, pauseMs * 2);
        report(error);
      }
      await pause(pauseMs, signal);
    }
    await Promise.allSettled(running);
  };
  const done = run();
  return {
    stop: async () => {
      stopped.abort();
      await done;
    },
  };
}

async function startDue(running: Set<Promise<unknown>>, signal: AbortSignal): Promise<void> {
  while (running.size < AT_ONCE && !signal.aborted) {
    const job = await claimJob(nowMs());
    if (!job) return;
    const work = runJob(job, { signal })
      .catch(report)
      .finally(() => running.delete(work));
    running.add(work);
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end, { once: true });
  });
}

function report(error: unknown): void {
  if (isDatabaseOutage(error) || error instanceof ServiceError)
    console.warn('witnesses: database unavailable');
  else console.error('witnesses failed', describeError(error));
}
