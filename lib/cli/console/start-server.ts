import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { withProgress } from '../progress';
import { PROJECT_ROOT } from '../project-root';
import { Refusal } from '../refusal';

const READY_MS = 60_000;
const GRACE_MS = 8_000;

export interface RunningServer {
  pid: number | undefined;
  /** Resolves with the exit code when the server ends by itself. */
  ended: Promise<number>;
  stop(): Promise<void>;
}

function tryListening(port: number, host: string): Promise<string | null> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'EUNKNOWN'));
    probe.listen(port, host, () => probe.close(() => resolve(null)));
  });
}

/** @throws Refusal when the port cannot be had, naming another. */
export async function requireFreePort(port: number, host: string): Promise<void> {
  const local = host === '127.0.0.1';
  const answers = [await tryListening(port, host), ...(local ? [await tryListening(port, '::1')] : [])];
  if (answers.includes('EADDRINUSE'))
    throw new Refusal(
      `Port ${port} is taken. Stop what listens there, or choose another: PORT=${port === 65535 ? 3000 : port + 1} npm run up`,
    );
  if (answers[0] === 'EACCES')
    throw new Refusal(`Port ${port} needs more rights. Choose one above 1023: PORT=3000 npm run up`);
  if (answers[0])
    throw new Refusal(`Nothing can listen on ${host} (${answers[0]}). Correct HOST, or leave it out.`);
}

async function isReady(address: string): Promise<boolean> {
  try {
    const response = await fetch(`${address}/api/v1/health`, { signal: AbortSignal.timeout(2000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

/**
 * Starts the built console and waits until its health says ready. Its lines go to `onOutput`; it leads its own process
 * group and ends with this process, however that ends.
 */
export async function startServer(options: {
  port: number;
  host: string;
  env: Record<string, string>;
  onOutput: (text: string) => void;
}): Promise<RunningServer> {
  const { port, host } = options;
  await requireFreePort(port, host);
  const preload = pathToFileURL(join(PROJECT_ROOT, 'lib/cli/console/end-with-parent.mjs')).href;
  const next = join(PROJECT_ROOT, 'node_modules/next/dist/bin/next');
  const child = spawn(
    process.execPath,
    ['--import', preload, next, 'start', '-p', String(port), '-H', host],
    {
      cwd: PROJECT_ROOT,
      env: { ...process.env, ...options.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      detached: true,
    },
  );
  let tail = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => {
      const text = chunk.toString('utf8');
      tail = (tail + text).slice(-4000);
      options.onOutput(text);
    });
  const ended = new Promise<number>((resolve) => {
    child.once('error', () => resolve(1));
    child.once('exit', (code) => resolve(code ?? 0));
  });
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    const force = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
    await ended;
    clearTimeout(force);
  };
  const address = `http://${host.includes(':') ? `[${host}]` : host === '0.0.0.0' ? '127.0.0.1' : host}:${port}`;
  try {
    await withProgress('Starting the console', async () => {
      const deadlineMs = performance.now() + READY_MS;
      let gone = false;
      void ended.then(() => {
        gone = true;
      });
      while (!(await isReady(address))) {
        if (gone) throw new Refusal(`The console did not start:\n${tail.trim()}`);
        if (performance.now() > deadlineMs)
          throw new Refusal(`The console did not become ready within a minute:\n${tail.trim()}`);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return { pid: child.pid, ended, stop };
}
