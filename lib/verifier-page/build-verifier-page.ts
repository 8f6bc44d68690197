/**
 * Builds `verify.html`: one file with everything in it, for a machine without a network and without this console.
 *
 *   <meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'sha256-…'; …">
 *   <style>…</style><div id="verifier"></div><script>…</script>
 *
 * The policy names the digests of the one script and the one style sheet, lets the worker come only from a blob of that
 * script, and no request leave at all. The same sources give the same bytes.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { type BuildOptions, build, type Plugin } from 'esbuild';

const ENTRY = 'lib/verifier-page/verifier-page.tsx';
const WORKER = 'lib/client/verification/artefact.worker.ts';
const WORKER_SOURCE = /[\\/]verifier-page[\\/]worker-source\.ts$/;

/** The page's bytes as text. @throws when a source cannot be bundled */
export async function buildVerifierPage(root: string): Promise<string> {
  const worker = await bundle(root, WORKER, []);
  const page = await bundle(root, ENTRY, [inlineWorker(worker.script)]);
  return formatPage(page.script, page.style);
}

async function bundle(
  root: string,
  entry: string,
  plugins: Plugin[],
): Promise<{ script: string; style: string }> {
  const options = {
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    minify: true,
    write: false,
    outdir: join(root, 'out'),
    format: 'iife',
    platform: 'browser',
    target: ['es2022'],
    charset: 'utf8',
    legalComments: 'none',
    jsx: 'automatic',
    alias: { '@': root },
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'silent',
    plugins,
  } as const satisfies BuildOptions;
  const made = await build(options);
  const textOf = (ending: string) => made.outputFiles.find(({ path }) => path.endsWith(ending))?.text ?? '';
  return { script: textOf('.js').trim(), style: textOf('.css').trim() };
}

/** Puts the worker's text in place of the module that stands for it. */
function inlineWorker(source: string): Plugin {
  return {
    name: 'inline-worker',
    setup: (setup) => {
      setup.onLoad({ filter: WORKER_SOURCE }, () => ({
        contents: `export const WORKER_SOURCE = ${JSON.stringify(source)};`,
        loader: 'js',
      }));
    },
  };
}

function formatPage(script: string, style: string): string {
  for (const [name, text, end] of [
    ['script', script, /<\/script|<!--/i],
    ['style', style, /<\/style/i],
  ] as const) {
    if (text === '' || end.test(text)) throw new Error(`The ${name} of verify.html cannot stand in a page.`);
  }
  const policy = [
    "default-src 'none'",
    `script-src '${digestOf(script)}'`,
    `style-src-elem '${digestOf(style)}'`,
    "style-src-attr 'unsafe-inline'",
    'worker-src blob:',
    'img-src data:',
    "connect-src 'none'",
    "form-action 'none'",
    "base-uri 'none'",
  ].join('; ');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Verify evidence · Countersign</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<noscript>This page checks evidence by itself and needs JavaScript for that. It opens no connection.</noscript>
<div id="verifier"></div>
<script>${script}</script>
</body>
</html>
`;
}

function digestOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
