import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSecret } from '@/lib/server/keys/key-files';
import { findHolder } from '../console/data-directory';
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
    cleanup.add(claim(directory));
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

/** Two processes over one memory could each sign a different history. @returns the release */
function claim(directory: string): () => void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const file = join(directory, 'up.pid');
  const holder = existsSync(file) ? findHolder(directory) : null;
  if (holder !== null && holder !== process.pid)
    throw new Refusal(`The directory ${directory} is in use by another witness (process ${holder}).`);
  rmSync(file, { force: true });
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx', mode: 0o600 });
  } catch {
    throw new Refusal(`The directory ${directory} is being opened by another witness. Try again.`);
  }
  return () => rmSync(file, { force: true });
}
