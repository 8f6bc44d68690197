import { startLiveTraffic } from '@/lib/demo/live-traffic';
import { seedDemo } from '@/lib/demo/seed-demo';
import { nowMs } from '@/lib/server/clock';
import { withProgress } from '../progress';

/**
 * Plays the demo's scenarios: once their history, through the same verbs as everything else, and from then on live
 * traffic over HTTP, which ends with `signal`.
 */
export async function startDemo(options: {
  origin: string;
  dataDirectory: string;
  signal: AbortSignal;
}): Promise<void> {
  const { origin, dataDirectory, signal } = options;
  const sites = await withProgress('Playing the demo', (note) =>
    seedDemo({ nowMs: nowMs(), signal, onProgress: (records) => note(`${records} records`) }),
  );
  signal.throwIfAborted();
  await startLiveTraffic({ origin, dataDirectory, sites, signal });
}
