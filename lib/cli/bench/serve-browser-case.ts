import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { build } from 'esbuild';
import { parseTilePath } from '@/lib/integrity/tile';
import { PROJECT_ROOT } from '../project-root';
import type { BrowserCase } from './browser-case';
import type { BrowserResult } from './browser-page';

const SCRIPTS = [
  'lib/client/verification/verify.worker.ts',
  'lib/client/verification/lane.worker.ts',
  'lib/cli/bench/browser-page.ts',
];
/** As on the console's own static files: a worker may run WebAssembly and talk to its own site, nothing else. */
const WORKER_POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; worker-src 'self'";
const PAGE =
  '<!doctype html><title>bench verify-browser</title><script type="module" src="/browser-page.ts"></script>';

export interface ServedCase {
  origin: string;
  /** What the next page to finish posts. @throws (rejects) when the page says that it failed */
  nextResult: () => Promise<BrowserResult>;
  stop: () => Promise<void>;
}

/** Serves the product's own workers, bundled as they stand, and the case by the console's own routes, from memory. */
export async function serveBrowserCase(given: BrowserCase): Promise<ServedCase> {
  const scripts = await bundleScripts();
  let waiting: { resolve: (result: BrowserResult) => void; reject: (error: Error) => void } | null = null;

  async function takeResult(request: IncomingMessage): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const posted = JSON.parse(Buffer.concat(parts).toString()) as BrowserResult | { error: string };
    if ('error' in posted) waiting?.reject(new Error(`The browser did not verify the case: ${posted.error}`));
    else waiting?.resolve(posted);
    waiting = null;
  }

  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const number = (name: string) => Number(searchParams.get(name));
    const script = scripts.get(pathname);
    if (script) {
      if (pathname !== '/browser-page.ts') response.setHeader('content-security-policy', WORKER_POLICY);
      answer(response, 'text/javascript', script);
    } else if (pathname === '/result') {
      takeResult(request).finally(() => response.end());
    } else if (pathname === '/material') {
      answer(response, 'application/json', JSON.stringify(given.material));
    } else if (pathname === '/api/v1/streams/records') {
      const lines = given.lines.slice(number('from') - 1, number('to'));
      answer(response, 'application/x-ndjson', Buffer.concat(lines));
    } else if (pathname === '/log/checkpoint') {
      answer(response, 'text/plain; charset=utf-8', given.checkpoint);
    } else if (pathname === '/log/bundles') {
      const bundles = given.bundles.slice(number('first'), number('first') + number('count'));
      answer(response, 'application/octet-stream', Buffer.concat(bundles));
    } else if (pathname.startsWith('/log/')) {
      const tile = parseTilePath(pathname.slice('/log/'.length));
      const bundle = tile.ok && tile.value.level === 'entries' ? given.bundles[tile.value.n] : undefined;
      if (bundle) answer(response, 'application/octet-stream', bundle);
      else response.writeHead(404).end();
    } else answer(response, 'text/html', PAGE);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    nextResult: () =>
      new Promise((resolve, reject) => {
        waiting = { resolve, reject };
      }),
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

/** By the path under which each is asked for: a worker stands beside the one that starts it, with its source's name. */
async function bundleScripts(): Promise<Map<string, Uint8Array>> {
  const made = await Promise.all(
    SCRIPTS.map((path) =>
      build({
        entryPoints: [join(PROJECT_ROOT, path)],
        bundle: true,
        write: false,
        minify: true,
        format: 'esm',
        platform: 'browser',
        target: 'es2023',
        tsconfig: join(PROJECT_ROOT, 'tsconfig.json'),
      }),
    ),
  );
  return new Map(
    made.map(({ outputFiles }, i) => [
      `/${(SCRIPTS[i] as string).split('/').at(-1)}`,
      (outputFiles[0] as { contents: Uint8Array }).contents,
    ]),
  );
}
