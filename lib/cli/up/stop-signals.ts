import { Refusal } from '../refusal';

/** What has been opened, closed again in reverse order whatever happens. */
export class Cleanup {
  private readonly steps: (() => Promise<void> | void)[] = [];
  add(step: () => Promise<void> | void): void {
    this.steps.push(step);
  }
  async run(): Promise<void> {
    for (let step = this.steps.pop(); step; step = this.steps.pop()) {
      try {
        await step();
      } catch (error) {
        console.error(`While stopping: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }
}

/** Ctrl-C reaches both this process and the one that started it, which passes it on: within a second it is one. */
const SAME_PRESS_MS = 1000;

/**
 * Aborts the returned signal on the first SIGINT, SIGTERM or SIGHUP, or when the starting process is gone. A second
 * Ctrl-C ends the process at once.
 */
export function watchStopSignals(): AbortSignal {
  const controller = new AbortController();
  let firstMs: number | undefined;
  const stop = (): void => {
    if (firstMs === undefined) {
      firstMs = performance.now();
      controller.abort(new Refusal('Stopped.'));
    } else if (performance.now() - firstMs > SAME_PRESS_MS) process.exit(130);
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, stop);
  process.once('disconnect', stop);
  return controller.signal;
}
