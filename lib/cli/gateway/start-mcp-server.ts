import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Refusal } from '../refusal';

export interface McpServerProcess {
  child: ChildProcess;
  /** Resolves when it has ended, however. */
  ended: Promise<void>;
  /** Closes its input, as MCP asks; ends it when it does not go by itself. */
  stop(): Promise<void>;
}

const GRACE_MS = 3_000;

/**
 * Starts the server behind the proxy. It gets the environment without this program's own settings; its errors go to ours.
 * @throws Refusal when there is no such command
 */
export async function startMcpServer(command: readonly string[]): Promise<McpServerProcess> {
  const [file = '', ...args] = command;
  const own = Object.keys(process.env).filter((name) => name.startsWith('COUNTERSIGN_'));
  const env = { ...process.env, ...Object.fromEntries(own.map((name) => [name, undefined])) };
  const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'inherit'], env });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  try {
    await once(child, 'spawn');
  } catch {
    throw new Refusal(`The server command ${file} could not be started.`);
  }
  // A server that closes its input early breaks the pipe; that it is gone is told by its end.
  child.stdin?.on('error', () => {});
  return {
    child,
    ended,
    async stop() {
      child.stdin?.end();
      const force = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
      await ended;
      clearTimeout(force);
    },
  };
}
