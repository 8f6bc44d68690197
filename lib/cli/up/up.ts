import type { DemoSite } from '@/lib/demo/set-up-demo';
import { endPools } from '@/lib/server/database/end-pools';
import { startConsole } from '../console/start-console';
import { withProgress } from '../progress';
import { printWelcome } from './print-welcome';
import { Cleanup, watchStopSignals } from './stop-signals';
import { parseUpSettings } from './up-settings';

function waitForAbort(signal: AbortSignal): Promise<'stopped'> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve('stopped');
    signal.addEventListener('abort', () => resolve('stopped'), { once: true });
  });
}

/** Without them the demo runs all the same, and says that its log is unwitnessed. */
async function addDemoWitnesses(dataDirectory: string, cleanup: Cleanup): Promise<void> {
  const { startDemoWitnesses } = await import('@/lib/demo/witnesses/start-demo-witnesses');
  try {
    const witnesses = await withProgress("Starting the demo's witnesses", () =>
      startDemoWitnesses({ dataDirectory, everySeconds: 60 }),
    );
    cleanup.add(witnesses.stop);
  } catch (error) {
    console.error(`The demo's witnesses did not start: ${error instanceof Error ? error.message : error}`);
  }
}

/**
 * `countersign up`: a running console, from whatever is there, until Ctrl-C.
 * @returns the exit code: 0 when stopped, 1 when the server ended by itself
 * @throws Refusal one sentence and what to do
 */
export async function up(args: string[]): Promise<number> {
  const settings = parseUpSettings(args, process.env);
  const signal = watchStopSignals();
  const cleanup = new Cleanup();
  let announced = false;
  let sites: DemoSite[] = [];
  try {
    const running = await startConsole(settings, {
      cleanup,
      signal,
      beforeServer: async ({ demo }) => {
        cleanup.add(() => endPools());
        if (demo) {
          const { seedDemo } = await import('@/lib/demo/seed-demo');
          sites = await withProgress("Playing the demo's ninety days", (say) =>
            seedDemo({ nowMs: Date.now(), signal, onProgress: (records) => say(`${records} decisions`) }),
          );
          await addDemoWitnesses(settings.dataDirectory, cleanup);
        }
      },
      // Next's own banner names an address that people should not use; what comes later is worth reading.
      onOutput: (text) => void (announced && process.stderr.write(text)),
    });
    if (running.demo) {
      const { startLiveTraffic } = await import('@/lib/demo/live-traffic');
      await startLiveTraffic({
        origin: settings.origin,
        dataDirectory: settings.dataDirectory,
        sites,
        signal,
      });
    }
    await printWelcome(settings.origin, running.demo);
    announced = true;
    const why = await Promise.race([waitForAbort(signal), running.server.ended]);
    if (why !== 'stopped') {
      console.error('The console ended by itself; its last lines are above.');
      return 1;
    }
    console.log('\nStopping …');
    return 0;
  } catch (error) {
    if (signal.aborted) return 0;
    throw error;
  } finally {
    await cleanup.run();
    if (signal.aborted) console.log('Stopped.');
  }
}
