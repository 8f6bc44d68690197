import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { build } from 'esbuild';
import { parseTilePath } from '@/lib/integrity/tile';
import { PROJECT_ROOT } from '../project-root';
import type { BrowserCase } from './browser-case';

const WORKERS = ['verify', 'lane'] as const;
/** As on the console's own static files: a worker may run WebAssembly and talk to its own site, nothing else. */
const WORKER_POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; worker-src 'self'";

export interface ServedCase {
  origin: string;
  stop: () => Promise<void>;
}

/** Serves the product's own workers, bundled as they stand, and the case by the console's own routes, from memory. */
export async function serveBrowserCase(given: BrowserCase): Promise<ServedCase> {
  const scripts = await bundleWorkers();
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const script = scripts.get(url.pathname);
    if (script !== undefined) {
      response.setHeader('content-security-policy', WORKER_POLICY);
      answer(response, 'text/javascript', script);
    } else if (url.pathname === '/api/v1/streams/records') {
      const from = Number(url.searchParams.get('from'));
      const to = Number(url.searchParams.get('to'));
      answer(response, 'application/x-ndjson', Buffer.concat(given.lines.slice(from - 1, to)));
    } else if (url.pathname === '/log/checkpoint') {
      answer(response, 'text/plain; charset=utf-8', given.checkpoint);
    } else if (url.pathname === '/log/bundles') {
      const first = Number(url.searchParams.get('first'));
      const count = Number(url.searchParams.get('count'));
      answer(response, 'application/octet-stream', Buffer.concat(given.bundles.slice(first, first + count)));
    } else if (url.pathname.startsWith('/log/')) {
      const tile = parseTilePath(url.pathname.slice('/log/'.length));
      const bundle = tile.ok && tile.value.level === 'entries' ? given.bundles[tile.value.n] : undefined;
      if (bundle) answer(response, 'application/octet-stream', bundle);
      else response.writeHead(404).end();
    } else {
      answer(response, 'text/html', '<!doctype html><title>bench verify-browser</title>');
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function answer(response: ServerResponse, type: string, body: Uint8Array | string): void {
  response.setHeader('content-type', type);
  response.end(body);
}

/** By the path under which the worker asks for it: beside the one that starts it, with its source's name. */
async function bundleWorkers(): Promise<Map<string, Uint8Array>> {
  const made = await build({
    entryPoints: WORKERS.map((name) => join(PROJECT_ROOT, `lib/client/verification/${name}.worker.ts`)),
    outdir: '/',
    bundle: true,
    write: false,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2023',
    tsconfig: join(PROJECT_ROOT, 'tsconfig.json'),
  });
  return new Map(
    made.outputFiles.map(({ path, contents }) => [
      `/${path.split('/').at(-1)?.replace('.js', '.ts')}`,
      contents,
    ]),
  );
}
