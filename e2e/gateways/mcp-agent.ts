import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { ReadBuffer, serializeMessage } from '@modelcontextprotocol/sdk/shared/stdio.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';

const ROOT = join(import.meta.dirname, '..', '..');

/** The official server of the file system, as npm ships it. */
export const FILE_SERVER = [
  process.execPath,
  join(ROOT, 'node_modules/@modelcontextprotocol/server-filesystem/dist/index.js'),
];

export interface McpAgent {
  client: Client;
  child: ChildProcess;
  /** What the gateway told its operator. */
  errors(): string;
  /** Writes bytes to the gateway beside the client. */
  write(text: string): void;
  /** Lines that the gateway wrote, as text. */
  lines: string[];
  kill(): Promise<void>;
  stop(): Promise<number | null>;
}

/** An agent's MCP client, of the official SDK, before `countersign gateway` as a process of its own. */
export async function startMcpAgent(
  config: string,
  server: readonly string[] | { url: string },
  options: { session?: string; connect?: boolean } = {},
): Promise<McpAgent> {
  const child = spawn(
    process.execPath,
    [
      ...['--import', 'tsx', join(ROOT, 'lib/cli/main.ts'), 'gateway', '--config', config],
      ...(options.session ? ['--session', options.session] : []),
      ...('url' in server ? ['--url', server.url] : ['--', ...server]),
    ],
    {
      cwd: ROOT,
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, TSX_TSCONFIG_PATH: join(ROOT, 'tsconfig.json') },
    },
  );
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  const lines: string[] = [];
  const client = new Client({ name: 'test-agent', version: '1.0.0' });
  const transport = transportOver(child, lines);
  const ended = once(child, 'exit');
  if (options.connect === false) await transport.start();
  else
    await client.connect(transport).catch((error: unknown) => {
      throw new Error(`The gateway did not start: ${errors}`, { cause: error });
    });
  return {
    client,
    child,
    lines,
    errors: () => errors,
    write: (text) => void child.stdin.write(text),
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
    async stop() {
      child.stdin.end();
      await ended;
      return child.exitCode;
    },
  };
}

/** The SDK's framing over a process that the test owns: its own transport would not let it be killed. */
function transportOver(child: ChildProcess, lines: string[]): Transport {
  const buffer = new ReadBuffer();
  const transport: Transport = {
    async start() {
      child.stdout?.on('data', (chunk: Buffer) => {
        lines.push(...chunk.toString('utf8').split('\n').filter(Boolean));
        buffer.append(chunk);
        for (let message = buffer.readMessage(); message; message = buffer.readMessage())
          transport.onmessage?.(message);
      });
      child.once('exit', () => transport.onclose?.());
    },
    async send(message) {
      child.stdin?.write(serializeMessage(message));
    },
    async close() {
      child.stdin?.end();
    },
  };
  return transport;
}
