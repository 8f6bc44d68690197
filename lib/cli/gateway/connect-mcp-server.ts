import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import { isId, type RpcId } from '@/lib/gateway/mcp/json-rpc';
import { MAX_SERVER_LINE_BYTES } from '@/lib/gateway/mcp/mcp-proxy-options';
import { limitEvents } from './limit-events';
import type { LinkEvents, McpServerLink } from './mcp-server-link';

/**
 * A server behind the proxy over Streamable HTTP, by the official SDK's transport. A message is sent once: when nobody can
 * say whether it arrived, its request failed. It never ends by itself; a server that is away fails each request.
 */
export function connectMcpServer(
  url: string,
  headers: Readonly<Record<string, string>>,
  { onLine, onFailed, note }: LinkEvents,
): McpServerLink {
  const transport = new StreamableHTTPClientTransport(new URL(url), {
    requestInit: { headers: { ...headers }, redirect: 'error' },
    fetch: async (input, init) => limitEvents(await fetch(input, init), MAX_SERVER_LINE_BYTES),
  });
  transport.onmessage = (message) => {
    const version = versionOf(message);
    if (version !== null) transport.setProtocolVersion(version);
    onLine(JSON.stringify(message));
  };
  transport.onerror = () => note('the connection to the server was disturbed');
  const started = transport.start();

  async function deliver(line: string): Promise<void> {
    const message = JSON.parse(line) as JSONRPCMessage;
    try {
      await started;
      await transport.send(message);
    } catch {
      const id: RpcId | undefined = 'id' in message && 'method' in message ? message.id : undefined;
      if (isId(id)) onFailed(id);
    }
  }

  return {
    send(line) {
      void deliver(line);
      return true;
    },
    onDrain: (resume) => resume(),
    pause: () => {},
    resume: () => {},
    ended: new Promise(() => {}),
    async stop() {
      await transport.terminateSession().catch(() => {});
      await transport.close();
    },
  };
}

/** The protocol version of an answer to `initialize`: later requests must name it. */
function versionOf(message: JSONRPCMessage): string | null {
  if (!('result' in message)) return null;
  const { protocolVersion, serverInfo } = message.result as {
    protocolVersion?: unknown;
    serverInfo?: unknown;
  };
  return typeof protocolVersion === 'string' && serverInfo !== undefined ? protocolVersion : null;
}
