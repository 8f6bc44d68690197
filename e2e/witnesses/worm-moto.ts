import { spawn } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { findFreePort } from '@/lib/server/database/embedded';

export interface RunningStore {
  url: string;
  stop(): Promise<void>;
}

/** An S3-compatible server with object lock (moto), as a process of its own. */
export async function startMoto(python: string): Promise<RunningStore> {
  const port = await findFreePort();
  const child = spawn(python, ['-m', 'moto.server', '-H', '127.0.0.1', '-p', String(port)], {
    stdio: 'ignore',
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = `http://127.0.0.1:${port}`;
  const stop = async () => {
    child.kill('SIGKILL');
    await exited;
  };
  for (let tries = 0; tries < 300; tries++) {
    if (child.exitCode !== null) break;
    const answer = await fetch(`${url}/moto-api/`, { signal: AbortSignal.timeout(2_000) }).catch(() => null);
    await answer?.arrayBuffer();
    if (answer?.ok) return { url, stop };
    await wait(100);
  }
  await stop();
  throw new Error('moto did not start');
}
