import { nowMs } from '../clock';
import { inTransaction } from '../database/transaction';
import { describeError } from '../describe-error';
import { sharedSingleton } from '../shared-singleton';
import { joinLateMarks } from './join-late-marks';

const EVERY_MS = 1_000;

/**
 * Joins what later records say to their decisions about once a second for as long as the process lives. Several processes
 * may do so at once: each takes other rows. Calling it again changes nothing.
 */
export function startLateMarks(): void {
  sharedSingleton('late-marks', () => {
    let stopped = false;
    let timer: NodeJS.Timeout;
    const tick = async () => {
      try {
        while (!stopped && (await inTransaction((tx) => joinLateMarks(tx, nowMs()))) > 0);
      } catch (error) {
        console.error('joining late marks failed', describeError(error));
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
