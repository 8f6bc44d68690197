import { describeError } from '../describe-error';
import { fetchMissingParents } from '../mesh/fetch-missing-parents';
import { sharedSingleton } from '../shared-singleton';
import { sweepConditions } from './sweep-conditions';

const SWEEP_MS = 2_000;
const FETCH_MS = 5_000;

/**
 * Sweeps, and asks peers for missing parents, for as long as the process lives; calling it again changes nothing. The two
 * do not wait for each other: a slow peer holds up nobody.
 */
export function startConditions(): void {
  sharedSingleton('conditions', () => {
    const loops = [
      startLoop('the sweep of conditions failed', SWEEP_MS, sweepConditions),
      startLoop('asking peers for parents failed', FETCH_MS, fetchMissingParents),
    ];
    process.once('SIGTERM', () => {
      for (const stop of loops) stop();
    });
    return true;
  });
}

/** @returns what stops it */
function startLoop(failed: string, everyMs: number, work: () => Promise<unknown>): () => void {
  let stopped = false;
  let timer: NodeJS.Timeout;
  const tick = async () => {
    try {
      await work();
    } catch (error) {
      // The next tick tries again; no token passes by a late sweep, since every action's evidence is checked itself.
      console.error(failed, describeError(error));
    }
    if (!stopped) timer = setTimeout(tick, everyMs).unref();
  };
  timer = setTimeout(tick, everyMs).unref();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
