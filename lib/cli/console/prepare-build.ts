import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { buildVerifierPage } from '@/lib/verifier-page/build-verifier-page';
import { withProgress } from '../progress';
import { PROJECT_ROOT } from '../project-root';
import { Refusal } from '../refusal';
import { runTool } from '../run-tool';

/** What a build is made from. `lib/server/prisma` is generated from the schema and follows it. */
const SOURCES = [
  'app',
  'components',
  'lib',
  'public',
  'prisma/schema.prisma',
  'instrumentation.ts',
  'proxy.ts',
  'next.config.ts',
  'postcss.config.mjs',
  'tsconfig.json',
  'package-lock.json',
];
const APART = /(^lib\/(cli|demo|server\/prisma|server\/testing)(\/|$))|\.test\.tsx?$|^public\/verify\.html$/;
/** Made from the same sources, so it is no source itself. */
const VERIFIER_PAGE = join(PROJECT_ROOT, 'public', 'verify.html');

function* listFiles(path: string): Generator<string> {
  const name = relative(PROJECT_ROOT, path).replaceAll('\\', '/');
  if (!existsSync(path) || APART.test(name)) return;
  let entries: string[];
  try {
    entries = readdirSync(path).sort();
  } catch {
    yield path;
    return;
  }
  for (const entry of entries) yield* listFiles(join(path, entry));
}

/** SHA-256 over the names and contents of everything a build is made from. */
export function hashSources(): string {
  const hash = createHash('sha256');
  for (const source of SOURCES)
    for (const file of listFiles(join(PROJECT_ROOT, source))) {
      const bytes = readFileSync(file);
      hash.update(`${relative(PROJECT_ROOT, file).replaceAll('\\', '/')}\0${bytes.length}\0`).update(bytes);
    }
  return hash.digest('hex');
}

/** Builds the console for production unless `.next` already is a build of these very sources. */
export async function prepareBuild(signal?: AbortSignal): Promise<void> {
  const mark = join(PROJECT_ROOT, '.next', 'countersign-build.json');
  const sources = hashSources();
  const built =
    existsSync(mark) && existsSync(join(PROJECT_ROOT, '.next', 'BUILD_ID')) && existsSync(VERIFIER_PAGE);
  if (built && JSON.parse(readFileSync(mark, 'utf8')).sources === sources) return;
  await withProgress('Building the console (once per version)', async () => {
    // Types of routes that no longer exist would fail the next build.
    rmSync(join(PROJECT_ROOT, '.next', 'dev'), { recursive: true, force: true });
    rmSync(mark, { force: true });
    writeFileSync(VERIFIER_PAGE, await buildVerifierPage(PROJECT_ROOT));
    const made = await runTool('next/dist/bin/next', ['build'], {
      signal,
      env: { NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
    });
    if (made.exitCode !== 0)
      throw new Refusal(`The console could not be built:\n${made.output.trim().slice(-4000)}`);
    writeFileSync(mark, `${JSON.stringify({ sources })}\n`);
  });
}
