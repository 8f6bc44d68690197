import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { consoleState, STATE_VARIABLE } from './console-state';

const ROOT = join(import.meta.dirname, '..', '..');

function waitForState(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('error', reject);
    child.once('exit', (code) =>
      reject(new Error(`The console for the stories did not start (exit ${code}).`)),
    );
  });
}

/** One console for the whole run: built, migrated and seeded by a process of its own, ended with the run. */
export default async function globalSetup(): Promise<() => Promise<void>> {
  const child = spawn(process.execPath, ['--import', 'tsx', join(ROOT, 'e2e/setup/run-console.ts')], {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, TSX_TSCONFIG_PATH: join(ROOT, 'tsconfig.json') },
  });
  const state = consoleState.parse(await waitForState(child));
  process.env[STATE_VARIABLE] = JSON.stringify(state);
  return async () => {
    if (child.exitCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
  };
}
