import { nowMs } from '../clock';
import { describeError } from '../describe-error';
import { isDatabaseOutage, ServiceError } from '../errors';

const POLL_MS = 1_000;
const MAX_PAUSE_MS = 10_000;
/** A slow service keeps nobody from the others. */
const AT_ONCE = 8;

export interface Worker {
  stop(): Promise<void>;
}

/**
 * The one way to do durable jobs here: rows of a table, each handed to one process by a lease that ends by itself, so
 * that a crash costs a repetition and never a job.
 */
export interface WorkerJobs {
  /** In messages of the process's log. */
  name: string;
  /** Writes what has become due; runs once a pass. */
  schedule(nowMs: number): Promise<void>;
  /** Takes one due job under a lease; null when none is due. */
  claim(nowMs: number): Promise<((signal: AbortSignal) => Promise<unknown>) | null>;
}

/**
 * Does jobs in this process until `stop`, which gives back what is running. One loop a process; between processes the
 * database hands out the jobs, each to one. An outage of the database is retried with growing pauses.
 */
export function startWorker(jobs: WorkerJobs): Worker {
  const stopped = new AbortController();
  const { signal } = stopped;
  const running = new Set<Promise<unknown>>();
  const run = async () => {
    let pauseMs = POLL_MS;
    while (!signal.aborted) {
      try {
        await jobs.schedule(nowMs());
        await startDue(jobs, running, signal);
        pauseMs = POLL_MS;
      } catch (error) {
        pauseMs = Math.min(MAX_PAUSE_MS, pauseMs * 2);
        report(jobs.name, error);
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

async function startDue(
  jobs: WorkerJobs,
  running: Set<Promise<unknown>>,
  signal: AbortSignal,
): Promise<void> {
  while (running.size < AT_ONCE && !signal.aborted) {
    const job = await jobs.claim(nowMs());
    if (!job) return;
    const work = job(signal)
      .catch((error) => report(jobs.name, error))
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

function report(name: string, error: unknown): void {
  if (isDatabaseOutage(error) || error instanceof ServiceError) console.warn(`${name}: database unavailable`);
  else console.error(`${name} failed`, describeError(error));
}
