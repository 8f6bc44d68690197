import { describeError } from '../describe-error';
import { sharedSingleton } from '../shared-singleton';

/** One listener for all loops, however many there are. */
const stopping = (): AbortController =>
  sharedSingleton('loops', () => {
    const controller = new AbortController();
    process.once('SIGTERM', () => controller.abort());
    return controller;
  });

/**
 * Does `work` again and again, `everyMs` after it last ended, for as long as the process lives; a failure is logged and
 * tried again, and holds up no other loop. Several processes may run the same loop: locks and rows decide who does what.
 * Starting a loop of the same name again changes nothing.
 * @param name what it does, as the log names it when it fails
 */
export function startLoop(
  name: string,
  everyMs: number,
  work: (signal: AbortSignal) => Promise<unknown>,
): void {
  sharedSingleton(`loop ${name}`, () => {
    const { signal } = stopping();
    let timer: NodeJS.Timeout;
    const tick = async () => {
      try {
        await work(signal);
      } catch (error) {
        console.error(`${name} failed`, describeError(error));
      }
      if (!signal.aborted) timer = setTimeout(tick, everyMs).unref();
    };
    timer = setTimeout(tick, everyMs).unref();
    signal.addEventListener('abort', () => clearTimeout(timer));
    return true;
  });
}
