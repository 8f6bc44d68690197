import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { PROJECT_ROOT } from '@/lib/cli/project-root';

const READY_MS = 30_000;
const GRACE_MS = 5_000;

export interface WitnessProcess {
  /** What it said when it was ready. */
  said: string;
  stop(): Promise<void>;
}

/**
 * Starts a TypeScript entry point of this project as a process of its own, in its own group so that Ctrl-C reaches it only
 * through us, and ended with us however we end.
 * @param isReady picks the line on its standard output that says it listens
 * @throws Error with its last words when it ends before
 */
export async function startWitnessProcess(
  entry: string,
  args: readonly string[],
  isReady: (line: string) => boolean,
): Promise<WitnessProcess> {
  const loader = process.execArgv.includes('--import') ? process.execArgv : ['--import', 'tsx'];
  const child = spawn(process.execPath, [...loader, join(PROJECT_ROOT, entry), ...args], {
    cwd: PROJECT_ROOT,
    env: { ...process.env, TSX_TSCONFIG_PATH: join(PROJECT_ROOT, 'tsconfig.json') },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: true,
  });
  const ended = new Promise<void>((resolve) => {
    child.once('error', () => resolve());
    child.once('exit', () => resolve());
  });
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    const force = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
    await ended;
    clearTimeout(force);
  };
  try {
    return { said: await waitFor(child, ended, isReady), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function waitFor(
  child: ChildProcess,
  ended: Promise<void>,
  isReady: (line: string) => boolean,
): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    let errors = '';
    child.stderr?.on('data', (part: Buffer) => {
      errors = (errors + part.toString('utf8')).slice(-2_000);
    });
    child.stdout?.on('data', (part: Buffer) => {
      output = (output + part.toString('utf8')).slice(-4_000);
      const line = output.split('\n').slice(0, -1).find(isReady);
      if (line !== undefined) resolve(line);
    });
    const tooLate = setTimeout(() => reject(new Error('it did not become ready in time')), READY_MS);
    void ended.then(() => {
      clearTimeout(tooLate);
      reject(new Error(errors.trim() || 'it ended before it was ready'));
    });
  });
}
