import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { callRoute, loadRoutes } from '../routes/call-route';

export interface ServedRoutes {
  port: number;
  stop: () => Promise<void>;
}

/** Serves this process's console over HTTP by the handlers that production runs, without Next in front of them. */
export async function serveRoutes(port: number): Promise<ServedRoutes> {
  const routes = await loadRoutes();
  const server = createServer((incoming, outgoing) => {
    readRequest(incoming)
      .then((request) => callRoute(routes, request))
      .then(async (answer) => {
        outgoing.writeHead(answer.status, Object.fromEntries(answer.headers));
        outgoing.end(Buffer.from(await answer.arrayBuffer()));
      })
      .catch((error: unknown) => {
        outgoing.writeHead(500).end(error instanceof Error ? error.message : 'failed');
      });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function readRequest(incoming: IncomingMessage): Promise<Request> {
  const parts: Uint8Array[] = [];
  for await (const part of incoming as AsyncIterable<Uint8Array>) parts.push(part);
  const { method = 'GET', url = '/', headers } = incoming;
  return new Request(new URL(url, `http://${headers.host}`), {
    method,
    headers: Object.entries(headers).flatMap(([name, value]): [string, string][] =>
      typeof value === 'string' ? [[name, value]] : [],
    ),
    ...(parts.length > 0 ? { body: Buffer.concat(parts) } : {}),
  });
}
