import { describeError } from '../describe-error';
import { sharedSingleton } from '../shared-singleton';
import { sweepConditions } from './sweep-conditions';

const EVERY_MS = 2_000;

/** Sweeps for as long as the process lives; calling it again changes nothing. */
export function startConditions(): void {
  sharedSingleton('conditions', () => {
    let stopped = false;
    let timer: NodeJS.Timeout;
    const tick = async () => {
      try {
        await sweepConditions();
      } catch (error) {
        // The next tick tries again; no token passes by a late sweep, since every action's evidence is checked itself.
        console.error('the sweep of conditions failed', describeError(error));
      }
      if (!stopped) timer = setTimeout(tick, EVERY_MS).unref();
    };
    timer = setTimeout(tick, EVERY_MS).unref();
    process.once('SIGTERM', () => {
      stopped = true;
      clearTimeout(timer);
    });
    return true;
  });
}
