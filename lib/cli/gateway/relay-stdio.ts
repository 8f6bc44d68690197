import type { Readable, Writable } from 'node:stream';
import type { JsonObject } from '@/lib/core/json';
import { createMcpProxy } from '@/lib/gateway/mcp/mcp-proxy';
import { MAX_CLIENT_LINE_BYTES, MAX_SERVER_LINE_BYTES } from '@/lib/gateway/mcp/mcp-proxy-options';
import type { PendingCalls } from '@/lib/gateway/pending-calls';
import { findDownstream } from './find-downstream';
import type { GatewaySettings } from './gateway-settings';
import { splitLines } from './split-lines';
import { startMcpServer } from './start-mcp-server';

/**
 * Lines of standard input and output to the proxy, and on to the server's, until one side ends.
 * @returns 0 when it was the agent's side, 1 when the server ended first
 */
export async function relayStdio(options: {
  settings: GatewaySettings;
  calls: PendingCalls;
  note(text: string): void;
  signal: AbortSignal;
}): Promise<number> {
  const { settings, calls, note, signal } = options;
  const server = await startMcpServer(settings.command);
  const toServer = server.child.stdin as Writable;
  const fromServer = server.child.stdout as Readable;
  const proxy = createMcpProxy({
    calls,
    agent: settings.agent,
    server: settings.server,
    session: settings.session,
    context: contextOf(settings),
    toClient: (line) => writeLine(process.stdout, line, fromServer),
    toServer: (line) => writeLine(toServer, line, process.stdin),
    note,
    waitMs: settings.waitSeconds * 1000,
    waitWithoutProgressMs: settings.waitWithoutProgressSeconds * 1000,
    progressEveryMs: settings.progressSeconds * 1000,
    answerMs: settings.answerSeconds * 1000,
    passMethods: settings.passMethods,
    downstream: (call, result) => findDownstream(settings.downstream, call, result),
  });
  fromServer.on(
    'data',
    splitLines({
      maxBytes: MAX_SERVER_LINE_BYTES,
      onLine: proxy.fromServer,
      onTooLong: () => note('passed over a line of the server: too long'),
    }),
  );
  process.stdin.on(
    'data',
    splitLines({
      maxBytes: MAX_CLIENT_LINE_BYTES,
      onLine: proxy.fromClient,
      onTooLong: () => note('passed over a message of the agent: too long'),
    }),
  );
  const clientGone = new Promise<'client'>((resolve) => {
    for (const event of ['end', 'close', 'error']) process.stdin.once(event, () => resolve('client'));
    process.stdout.once('error', () => resolve('client'));
    signal.addEventListener('abort', () => resolve('client'), { once: true });
  });
  const first = await Promise.race([clientGone, server.ended.then(() => 'server' as const)]);
  process.stdin.pause();
  if (first === 'server') note('the server ended');
  await proxy.end(first);
  await server.stop();
  await new Promise((resolve) => process.stdout.write('', resolve));
  return first === 'client' ? 0 : 1;
}

/** Writes a line, and lets the other side wait when nobody reads it. */
function writeLine(to: Writable, line: string, from: Readable): void {
  if (!to.writable) return;
  if (to.write(`${line}\n`) || from.isPaused()) return;
  from.pause();
  to.once('drain', () => from.resume());
}

function contextOf({ principal, session, purpose, agent }: GatewaySettings): JsonObject {
  return {
    session,
    ...(principal === undefined ? {} : { principal }),
    ...(agent.runtime === undefined ? {} : { runtime: agent.runtime }),
    ...(purpose === undefined ? {} : { purpose }),
  };
}
