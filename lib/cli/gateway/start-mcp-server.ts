import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { MAX_SERVER_LINE_BYTES } from '@/lib/gateway/mcp/mcp-proxy-options';
import { Refusal } from '../refusal';
import type { LinkEvents, McpServerLink } from './mcp-server-link';
import { splitLines } from './split-lines';

const GRACE_MS = 3_000;

/**
 * Starts the server behind the proxy and speaks to it over stdio. It gets the environment without this program's own
 * settings; its errors go to ours.
 * @throws Refusal when there is no such command
 */
export async function startMcpServer(
  command: readonly string[],
  { onLine, note }: LinkEvents,
): Promise<McpServerLink> {
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
  child.stdin.on('error', () => {});
  const onTooLong = () => note('passed over a line of the server: too long');
  child.stdout.on('data', splitLines({ maxBytes: MAX_SERVER_LINE_BYTES, onLine, onTooLong }));
  return {
    send: (line) => !child.stdin.writable || child.stdin.write(`${line}\n`),
    onDrain: (resume) => void child.stdin.once('drain', resume),
    pause: () => void child.stdout.pause(),
    resume: () => void child.stdout.resume(),
    ended,
    async stop() {
      // MCP asks for a closed input first; a server that does not go by itself is ended.
      child.stdin.end();
      const force = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
      await ended;
      clearTimeout(force);
    },
  };
}
