import { readSecret } from '@/lib/server/keys/key-files';
import { claimDirectory } from '../console/claim-directory';
import { Refusal } from '../refusal';
import { Cleanup, watchStopSignals } from '../up/stop-signals';
import { createWitness } from './create-witness';
import { serveWitness } from './serve-witness';
import { parseWitnessSettings } from './witness-settings';
import { openWitnessStore } from './witness-store';

/**
 * `countersign witness`: a C2SP witness that a partner can run for somebody else's log. Its key is made once, its memory
 * is on disk before it answers, and it ends on Ctrl-C or with whoever started it.
 */
export async function witnessCommand(args: string[]): Promise<number> {
  const settings = parseWitnessSettings(args);
  const { directory, name, logs, port, host } = settings;
  const signal = watchStopSignals();
  const cleanup = new Cleanup();
  try {
    cleanup.add(claimDirectory(directory, 'witness'));
    const seed = readSecret(directory, 'witness.ed25519', true);
    const witness = createWitness({ name, seed, logs, store: openWitnessStore(directory), nowMs: Date.now });
    const served = await serveWitness(witness, { port, host }).catch((error: NodeJS.ErrnoException) => {
      throw new Refusal(
        `Nothing can listen on ${host}, port ${port} (${error.code}). Choose another with --port.`,
      );
    });
    cleanup.add(served.stop);
    const url = `http://${host.includes(':') ? `[${host}]` : host}:${served.port}`;
    console.log(`Witness at ${url}\n${witness.vkey}`);
    process.send?.({ url, vkey: witness.vkey });
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    return 0;
  } finally {
    await cleanup.run();
  }
}
