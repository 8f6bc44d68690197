import { closeDueBreakGlasses } from '../break-glass/close';
import { describeError } from '../describe-error';
import { sharedSingleton } from '../shared-singleton';
import { expireDue } from './expire';
import { raiseDue } from './raise';

const EVERY_MS = 1_000;

/**
 * Ends overdue escalations, closes what was opened for a short time and raises what nobody takes, about once a second
 * for as long as the process lives. Several processes may do so at once: the row lock decides which one ends an
 * escalation. Calling it again changes nothing.
 */
export function startExpiry(): void {
  sharedSingleton('expiry', () => {
    let stopped = false;
    let timer: NodeJS.Timeout;
    const tick = async () => {
      try {
        await expireDue();
        await closeDueBreakGlasses();
        await raiseDue();
      } catch (error) {
        // The next tick tries again; nobody gains by a late expiry, since verdicts check the time themselves.
        console.error('expiry failed', describeError(error));
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
