import { describeError } from '../describe-error';
import { sharedSingleton } from '../shared-singleton';
import { evaluateAlerts } from './evaluate-alerts';

const EVERY_MS = 20_000;

/** Evaluates the rules for as long as the process lives; between processes a lock decides. Calling it again changes nothing. */
export function startAlerts(): void {
  sharedSingleton('alerts', () => {
    let stopped = false;
    let timer: NodeJS.Timeout;
    const tick = async () => {
      try {
        await evaluateAlerts();
      } catch (error) {
        // The next tick tries again; an alert is late then, not lost.
        console.error('alerts could not be evaluated', describeError(error));
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
