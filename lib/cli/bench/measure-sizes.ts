import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { PROJECT_ROOT } from '../project-root';
import { Refusal } from '../refusal';
import { type LoadedConsole, serveLoaded } from './serve-loaded';

/**
 * Measures each size in a process of its own (`bench measure <name> <size> [directory]`), smallest first: a process has
 * one configuration and one pool for its whole life.
 * @throws Refusal when one of them fails; it has said why
 */
export async function measureSizes<T>(
  name: string,
  sizes: readonly number[],
  directory: string | undefined,
): Promise<T[]> {
  const results: T[] = [];
  for (const size of [...sizes].sort((a, b) => a - b)) {
    const child = spawn(
      process.execPath,
      [
        join(PROJECT_ROOT, 'lib/cli/countersign.mjs'),
        'bench',
        'measure',
        name,
        String(size),
        ...(directory === undefined ? [] : [directory]),
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const pieces: Buffer[] = [];
    child.stdout.on('data', (piece: Buffer) => pieces.push(piece));
    const [code] = await once(child, 'close');
    if (code !== 0) throw new Refusal(`Measuring ${name} at ${size.toLocaleString('en')} decisions failed.`);
    const last = Buffer.concat(pieces).toString().trimEnd().split('\n').at(-1) ?? '';
    results.push(JSON.parse(last) as T);
  }
  return results;
}

/** One size, measured here; the result is the last line of the output. */
export async function measureSize<T>(
  size: number,
  directory: string | undefined,
  work: (console: LoadedConsole) => Promise<T>,
): Promise<void> {
  const served = await serveLoaded(size, directory);
  try {
    console.log(JSON.stringify(await work(served)));
  } finally {
    await served.stop();
  }
}
