import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { startTestConsole } from '@/lib/server/testing/test-console';
import { type GatewaySite, startGatewaySite, writeGatewayFiles } from './gateway-site';
import { type McpAgent, startMcpAgent } from './mcp-agent';

await startTestConsole();
let site: GatewaySite;
let http: Server;
let url: string;
const written: unknown[] = [];
const tokens = new Set<string | undefined>();
const undo: (() => unknown)[] = [];

/** A server of the official SDK over Streamable HTTP, with sessions. */
beforeAll(async () => {
  site = await startGatewaySite();
  const transports = new Map<string, StreamableHTTPServerTransport>();
  http = createServer(async (request, response) => {
    tokens.add(request.headers.authorization);
    const session = request.headers['mcp-session-id'];
    let transport = typeof session === 'string' ? transports.get(session) : undefined;
    if (!transport) {
      const opened = new StreamableHTTPServerTransport({
        sessionIdGenerator: () => randomUUID(),
        onsessioninitialized: (id) => void transports.set(id, opened),
      });
      transport = opened;
      const server = new McpServer({ name: 'remote-files', version: '1.0.0' });
      const inputSchema = { path: z.string() };
      server.registerTool('write_file', { inputSchema }, async ({ path }) => {
        written.push(path);
        return { content: [{ type: 'text', text: 'written' }] };
      });
      server.registerTool('boom', { inputSchema }, () => {
        request.socket.destroy();
        response.socket?.destroy();
        return new Promise(() => {});
      });
      await server.connect(opened);
    }
    await transport.handleRequest(request, response);
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`;
});
afterAll(async () => {
  http.closeAllConnections();
  http.close();
  await site.stop();
});
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

async function startAgent(overrides: Record<string, unknown> = {}): Promise<McpAgent> {
  const operator = writeGatewayFiles(site, overrides);
  undo.push(operator.remove);
  const agent = await startMcpAgent(operator.config, { url });
  undo.push(agent.kill);
  return agent;
}
const call = (agent: McpAgent, name: string, path: string) =>
  agent.client.callTool({ name, arguments: { path } }, undefined, { onprogress: () => {}, timeout: 25_000 });

describe('countersign gateway before a server over Streamable HTTP', () => {
  it('a change waits for the console; the approved one runs once, the denied one not at all', async () => {
    process.env.FILES_TOKEN = 'Bearer remote-secret';
    const agent = await startAgent({ headersFrom: { Authorization: 'FILES_TOKEN' } });
    delete process.env.FILES_TOKEN;
    expect((await agent.client.listTools()).tools.map(({ name }) => name)).toContain('write_file');
    const first = call(agent, 'write_file', 'a');
    const id = await site.nextRequest();
    expect(written).toEqual([]);
    await site.decide(id, 'approve');
    expect(await first).toMatchObject({ content: [{ text: 'written' }] });
    const second = call(agent, 'write_file', 'b');
    await site.decide(await site.nextRequest(), 'deny');
    expect(await second).toMatchObject({ isError: true, _meta: { 'countersign/outcome': 'denied' } });
    expect(written).toEqual(['a']);
    expect(tokens).toEqual(new Set(['Bearer remote-secret']));
    expect(await agent.stop()).toBe(0);
  });

  it('a connection that breaks in an approved call is not tried again, and reported as failed', async () => {
    const agent = await startAgent({ answerSeconds: 2 });
    const booming = call(agent, 'boom', 'c');
    await site.decide(await site.nextRequest(), 'approve');
    expect(await booming).toMatchObject({
      isError: true,
      _meta: { 'countersign/outcome': 'upstream_error' },
    });
    expect((await site.outcomes()).at(-1)).toBe('upstream_error');
  });
});
