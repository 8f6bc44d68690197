/**
 * One app process of a drill: the console's own route handlers and background services behind plain node:http, without
 * Next in front, so that it starts in a second and can be killed hundreds of times. Configured by the environment like
 * any console; the port is its one argument. Says `ready` on its channel once it listens.
 */
import { createServer } from 'node:http';
import { startServices } from '@/lib/server/health/start-services';
import { callRoute, loadRoutes } from '../routes/call-route';

const port = Number(process.argv[2]);
const origin = process.env.COUNTERSIGN_ORIGIN as string;
const routes = await loadRoutes();
startServices();

createServer((incoming, outgoing) => {
  const chunks: Buffer[] = [];
  incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
  incoming.on('end', () => {
    const body = Buffer.concat(chunks);
    const request = new Request(new URL(incoming.url ?? '/', origin), {
      method: incoming.method ?? 'GET',
      headers: incoming.headers as Record<string, string>,
      ...(body.length > 0 ? { body } : {}),
    });
    callRoute(routes, request)
      .then(async (response) => {
        const answer = Buffer.from(await response.arrayBuffer());
        outgoing.writeHead(response.status, Object.fromEntries(response.headers)).end(answer);
      })
      .catch(() => outgoing.writeHead(500).end());
  });
  incoming.on('error', () => outgoing.destroy());
}).listen(port, '127.0.0.1', () => process.send?.('ready'));

process.once('disconnect', () => process.exit(0));
