import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { build } from 'esbuild';
import { formatBase64 } from '@/lib/core/encoding';
import type { VectorFiles } from '@/lib/core/testing/vector-case';
import { PROJECT_ROOT } from '../project-root';

export interface ServedVectors {
  origin: string;
  stop: () => Promise<void>;
}

/** Serves the tables, bundled for a browser as they stand, and the whole collection to a page on this machine. */
export async function serveVectors(files: VectorFiles): Promise<ServedVectors> {
  const script = await bundlePage();
  const collection = JSON.stringify(Object.fromEntries(collectFiles(files, '')));
  const server = createServer((request, response) => {
    if (request.url === '/vectors.js') answer(response, 'text/javascript', script);
    else if (request.url === '/collection.json') answer(response, 'application/json', collection);
    else if (request.url === '/')
      answer(
        response,
        'text/html',
        '<!doctype html><meta charset="utf-8"><title>Published vectors</title><link rel="icon" href="data:,"><script src="/vectors.js"></script>',
      );
    else response.writeHead(404).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function answer(response: ServerResponse, type: string, body: Uint8Array | string): void {
  response.setHeader('content-type', `${type}; charset=utf-8`);
  response.end(body);
}

/** Every file below a folder with its bytes in base64. What has entries is a folder; an empty folder holds nothing. */
function collectFiles(files: VectorFiles, folder: string): [path: string, base64: string][] {
  return files.listFiles(folder).flatMap((name) => {
    const path = folder === '' ? name : `${folder}/${name}`;
    const inside = collectFiles(files, path);
    if (inside.length > 0) return inside;
    return [[path, formatBase64(files.readFile(path))]];
  });
}

async function bundlePage(): Promise<Uint8Array> {
  const made = await build({
    entryPoints: [join(PROJECT_ROOT, 'lib/cli/vectors/vectors-page.ts')],
    outdir: '/',
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    target: 'es2023',
    tsconfig: join(PROJECT_ROOT, 'tsconfig.json'),
    logLevel: 'silent',
  });
  const script = made.outputFiles[0]?.contents;
  if (!script) throw new Error('The page of the vectors was not bundled.');
  return script;
}
