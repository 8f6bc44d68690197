import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { PROJECT_ROOT } from '@/lib/cli/project-root';

/** A running `drill-app.ts`. */
export interface AppProcess {
  /** SIGKILL, without a word of warning; resolves once it is gone. */
  kill(): Promise<void>;
}

/** Starts an app process and resolves once it listens. @throws Error with its last words when it ends before */
export function startAppProcess(port: number, env: Record<string, string>): Promise<AppProcess> {
  const child: ChildProcess = spawn(
    process.execPath,
    ['--import', 'tsx', join(PROJECT_ROOT, 'e2e', 'drills', 'drill-app.ts'), String(port)],
    {
      cwd: PROJECT_ROOT,
      env: { ...process.env, ...env, TSX_TSCONFIG_PATH: join(PROJECT_ROOT, 'tsconfig.json') },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    },
  );
  const words: string[] = [];
  child.stderr?.on('data', (chunk: Buffer) => words.push(chunk.toString('utf8')));
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return new Promise((resolve, reject) => {
    child.once('message', () =>
      resolve({
        kill: async () => {
          child.kill('SIGKILL');
          await gone;
        },
      }),
    );
    void gone.then(() => reject(new Error(`The app did not start: ${words.join('').slice(-600)}`)));
  });
}
