import { createGateway, type Gateway } from '@/lib/gateway/create-gateway';
import { createPendingCalls } from '@/lib/gateway/pending-calls';
import { readSecret } from '@/lib/server/keys/key-files';
import { claimDirectory } from '../console/claim-directory';
import { describeProducerKey } from '../describe-producer-key';
import { Cleanup, watchStopSignals } from '../up/stop-signals';
import { openFileJournal } from './file-journal';
import { openFileOutbox } from './file-outbox';
import { type GatewaySettings, readGatewaySettings } from './gateway-settings';
import { relayStdio } from './relay-stdio';

const KEY = 'gateway.ed25519';

/**
 * `countersign gateway`: stands between an agent and one MCP server. Standard output belongs to the agent; what an
 * operator reads goes to standard error.
 * @returns 0 when the agent ended it, 1 when the server did
 */
export async function gatewayCommand(args: string[]): Promise<number> {
  const settings = readGatewaySettings(args);
  const cleanup = new Cleanup();
  const signal = watchStopSignals();
  try {
    cleanup.add(claimDirectory(settings.directory, 'gateway'));
    const seed = readSecret(settings.directory, KEY, true);
    if (settings.showKey) {
      console.log(describeProducerKey(settings, seed, 'a gateway'));
      return 0;
    }
    const gateway = openGateway(settings, seed);
    const calls = createPendingCalls({
      client: gateway,
      journal: openFileJournal(settings.directory),
      graceMs: settings.graceSeconds * 1000,
    });
    const note = (text: string) => console.error(`gateway: ${text}`);
    const lookAfter = () =>
      calls.sweep().catch(() => note('what nobody waits for could not be looked after'));
    void gateway.resume().then(lookAfter);
    const timer = setInterval(lookAfter, settings.sweepSeconds * 1000);
    cleanup.add(() => clearInterval(timer));
    return await relayStdio({ settings, calls, note, signal });
  } finally {
    await cleanup.run();
  }
}

function openGateway(settings: GatewaySettings, seed: Uint8Array): Gateway {
  const { console: origin, producer, jwks, directory } = settings;
  const stream = settings.stream === undefined ? producer : `${producer}/${settings.stream}`;
  return createGateway({
    origin,
    producerId: producer,
    seed,
    ...(jwks === null ? {} : { jwks }),
    stream,
    outbox: openFileOutbox(directory, stream),
  });
}
