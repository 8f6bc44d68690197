import { getConfig } from '../config';
import { describeError } from '../describe-error';
import { rekeyPayloads } from '../payloads/rekey-payloads';
import { sharedSingleton } from '../shared-singleton';
import { finishRewrapping } from '../vault/rotate-key-encryption';
import { runRetention } from './run-retention';

/**
 * Executes the retention schedules for as long as the process lives, and finishes what a change of keys began. Calling it
 * again changes nothing.
 */
export function startRetention(): void {
  sharedSingleton('retention', () => {
    const everyMs = getConfig().retentionSeconds * 1000;
    let stopped = false;
    let timer: NodeJS.Timeout;
    let keysDone = false;
    const tick = async () => {
      try {
        if (!keysDone) {
          await rekeyPayloads();
          await finishRewrapping('console');
          keysDone = true;
        }
        await runRetention();
      } catch (error) {
        // The next tick tries again: what is due stands in the rows.
        console.error('retention failed', describeError(error));
      }
      if (!stopped) timer = setTimeout(tick, everyMs).unref();
    };
    timer = setTimeout(tick, everyMs).unref();
    process.once('SIGTERM', () => {
      stopped = true;
      clearTimeout(timer);
    });
    return true;
  });
}
