import { readSecret } from '@/lib/server/keys/key-files';
import { claimDirectory } from '../console/claim-directory';
import { describeProducerKey } from '../describe-producer-key';
import { Refusal } from '../refusal';
import { Cleanup, watchStopSignals } from '../up/stop-signals';
import { openBridgeMemory } from './bridge-memory';
import { createBridge } from './create-bridge';
import { readOtlpSettings } from './otlp-settings';
import { serveOtlp } from './serve-otlp';

const KEY = 'otlp.ed25519';
const HOUR_MS = 3_600_000;

/** `countersign otlp`: runs the bridge until it is stopped. */
export async function otlpCommand(args: string[]): Promise<number> {
  const settings = readOtlpSettings(args);
  const { directory, host, port, streamName } = settings;
  const cleanup = new Cleanup();
  const signal = watchStopSignals();
  try {
    cleanup.add(claimDirectory(directory, 'OTLP bridge'));
    const seed = readSecret(directory, KEY, true);
    if (settings.showKey) {
      console.log(describeProducerKey(settings, seed, 'a pipeline'));
      return 0;
    }
    const memoryMs = settings.memoryHours * HOUR_MS;
    const memory = await openBridgeMemory(directory, streamName, Date.now() - memoryMs);
    const bridge = createBridge({
      origin: settings.console,
      producer: settings.producer,
      stream: streamName,
      seed,
      memory,
      memoryMs,
    });
    const deliver = () => bridge.deliver().catch(() => console.error('otlp: what waits could not be sent'));
    const timer = setInterval(deliver, settings.retrySeconds * 1000);
    cleanup.add(() => clearInterval(timer));
    void deliver();
    const served = await serveOtlp(bridge, { host, port }).catch((error: NodeJS.ErrnoException) => {
      throw new Refusal(
        `Nothing can listen on ${host}, port ${port} (${error.code}). Choose another "port".`,
      );
    });
    cleanup.add(served.stop);
    console.log(`Taking spans at ${served.url}/v1/traces, counts at ${served.url}/status`);
    process.send?.({ url: served.url });
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    console.log(JSON.stringify(bridge.counts()));
    return 0;
  } finally {
    await cleanup.run();
  }
}
