import type { JsonObject } from '@/lib/core/json';
import { createMcpProxy, type McpProxy } from '@/lib/gateway/mcp/mcp-proxy';
import { MAX_CLIENT_LINE_BYTES } from '@/lib/gateway/mcp/mcp-proxy-options';
import type { PendingCalls } from '@/lib/gateway/pending-calls';
import { connectMcpServer } from './connect-mcp-server';
import { findDownstream } from './find-downstream';
import type { GatewaySettings } from './gateway-settings';
import type { LinkEvents, McpServerLink } from './mcp-server-link';
import { splitLines } from './split-lines';
import { startMcpServer } from './start-mcp-server';

/**
 * Lines of standard input and output to the proxy, and on to the server, until one side ends.
 * @returns 0 when it was the agent's side, 1 when the server ended first
 */
export async function relayStdio(options: {
  settings: GatewaySettings;
  calls: PendingCalls;
  note(text: string): void;
  signal: AbortSignal;
}): Promise<number> {
  const { settings, calls, note, signal } = options;
  let proxy: McpProxy | null = null;
  const link = await openLink(settings, {
    onLine: (line) => proxy?.fromServer(line),
    onFailed: (id) => proxy?.serverFailed(id),
    note,
  });
  proxy = createMcpProxy({
    calls,
    agent: settings.agent,
    server: settings.server,
    session: settings.session,
    context: contextOf(settings),
    toClient(line) {
      if (!process.stdout.writable || process.stdout.write(`${line}\n`)) return;
      link.pause();
      process.stdout.once('drain', link.resume);
    },
    toServer(line) {
      if (link.send(line)) return;
      process.stdin.pause();
      link.onDrain(() => process.stdin.resume());
    },
    note,
    waitMs: settings.waitSeconds * 1000,
    waitWithoutProgressMs: settings.waitWithoutProgressSeconds * 1000,
    progressEveryMs: settings.progressSeconds * 1000,
    answerMs: settings.answerSeconds * 1000,
    passMethods: settings.passMethods,
    downstream: (call, result) => findDownstream(settings.downstream, call, result),
  });
  const clientEnded = readClient(proxy, note, signal);
  const first = await Promise.race([clientEnded, link.ended.then(() => 'server' as const)]);
  process.stdin.pause();
  if (first === 'server') note('the server ended');
  await proxy.end(first);
  await link.stop();
  await new Promise((resolve) => process.stdout.write('', resolve));
  return first === 'client' ? 0 : 1;
}

async function openLink(settings: GatewaySettings, events: LinkEvents): Promise<McpServerLink> {
  const { url, headers, command } = settings;
  return url === undefined ? startMcpServer(command, events) : connectMcpServer(url, headers, events);
}

/** Resolves when the agent's side is gone: its output ended, nobody reads ours, or this process shall stop. */
function readClient(proxy: McpProxy, note: (text: string) => void, signal: AbortSignal): Promise<'client'> {
  const onTooLong = () => note('passed over a message of the agent: too long');
  process.stdin.on(
    'data',
    splitLines({ maxBytes: MAX_CLIENT_LINE_BYTES, onLine: proxy.fromClient, onTooLong }),
  );
  return new Promise((resolve) => {
    const gone = () => resolve('client');
    for (const event of ['end', 'close', 'error']) process.stdin.once(event, gone);
    process.stdout.once('error', gone);
    signal.addEventListener('abort', gone, { once: true });
  });
}

function contextOf({ principal, session, purpose, agent }: GatewaySettings): JsonObject {
  return {
    session,
    ...(principal === undefined ? {} : { principal }),
    ...(agent.runtime === undefined ? {} : { runtime: agent.runtime }),
    ...(purpose === undefined ? {} : { purpose }),
  };
}
